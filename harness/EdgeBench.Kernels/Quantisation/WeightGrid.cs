namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// The levels and scales that weights can take after quantisation, for training with them. Those of a block format are its encoder's and decoder's own.
/// </summary>
public sealed class WeightGrid
{
    // Elements that are encoded at once.
    private const int Chunk = 1024;

    private readonly BlockFormat? _format;
    private readonly int _top;
    private readonly bool _halfScale;

    private WeightGrid(string name, int group, BlockFormat? format, int top, bool halfScale) => (Name, Group, _format, _top, _halfScale) = (name, group, format, top, halfScale);

    /// <summary>GGUF's Q8_0.</summary>
    public static WeightGrid Q8_0 { get; } = new("q8_0", 32, Quantisation.Q8_0.Format, 127, true);

    /// <summary>GGUF's Q4_0.</summary>
    public static WeightGrid Q4_0 { get; } = new("q4_0", 32, Quantisation.Q4_0.Format, 7, true);

    /// <summary>Eight bits, one float32 scale a row.</summary>
    public static WeightGrid Int8Channel { get; } = new("int8_channel", 0, null, 127, false);

    /// <summary>Levels -3 to 3, one float16 scale for 32 inputs.</summary>
    public static WeightGrid Symmetric3 { get; } = new("sym3_g32", 32, null, 3, true);

    /// <summary>Levels -1 to 1, one float16 scale for 32 inputs.</summary>
    public static WeightGrid Symmetric2 { get; } = new("sym2_g32", 32, null, 1, true);

    public static IReadOnlyList<WeightGrid> All { get; } = [Q8_0, Q4_0, Int8Channel, Symmetric3, Symmetric2];

    public string Name { get; }

    /// <summary>Inputs that share a scale; 0 for a whole row.</summary>
    public int Group { get; }

    /// <summary>Throws <see cref="ArgumentException"/> where rows of <paramref name="tensor"/> are no whole groups.</summary>
    public void Check(string tensor, int columns)
    {
        if (Group > 0 && columns % Group != 0) throw new ArgumentException($"{tensor} has rows of {columns}; {Name} needs a multiple of {Group}.", nameof(columns));
    }

    /// <summary>What a row becomes. Throws <see cref="NotFiniteNumberException"/> for numbers and scales that are not finite.</summary>
    public void Dequantised(ReadOnlySpan<float> row, Span<float> values)
    {
        if (_format is null)
        {
            Symmetric(row, values, [], []);
            return;
        }
        Span<byte> blocks = stackalloc byte[Chunk / _format.BlockSize * _format.BlockBytes];
        for (int start = 0; start < row.Length; start += Chunk)
        {
            int count = Math.Min(Chunk, row.Length - start);
            Span<byte> used = blocks[..(count / _format.BlockSize * _format.BlockBytes)];
            _format.Quantise(row.Slice(start, count), used);
            _format.Dequantise(used, values.Slice(start, count));
        }
    }

    /// <summary>A row's levels and one scale for each group.</summary>
    public void Quantise(ReadOnlySpan<float> row, Span<sbyte> levels, Span<float> scales)
    {
        if (_format is null)
        {
            Symmetric(row, new float[row.Length], levels, scales);
            return;
        }
        byte[] blocks = new byte[row.Length / _format.BlockSize * _format.BlockBytes], stored = new byte[row.Length];
        float[] minima = new float[scales.Length];
        _format.Quantise(row, blocks);
        BlockLevels.Read(_format, blocks, stored, scales, minima);
        int zero = ReferenceEquals(_format, Quantisation.Q4_0.Format) ? 8 : 128;
        for (int i = 0; i < levels.Length; i++) levels[i] = (sbyte)(stored[i] - zero);
    }

    private void Symmetric(ReadOnlySpan<float> row, Span<float> values, Span<sbyte> levels, Span<float> scales)
    {
        int group = Group == 0 ? row.Length : Group;
        for (int start = 0; start < row.Length; start += group)
        {
            Span<sbyte> into = levels.Length == 0 ? levels : levels.Slice(start, group);
            float scale = Lanes512.IsSupported ? SymmetricLevels.Quantise<Lanes512>(row.Slice(start, group), _top, _halfScale, values.Slice(start, group), into)
                : Lanes256.IsSupported ? SymmetricLevels.Quantise<Lanes256>(row.Slice(start, group), _top, _halfScale, values.Slice(start, group), into)
                : SymmetricLevels.Quantise<Lanes128>(row.Slice(start, group), _top, _halfScale, values.Slice(start, group), into);
            if (scales.Length > 0) scales[start / group] = scale;
        }
    }
}
