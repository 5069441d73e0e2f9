using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// The levels and scales that weights can take after quantisation, for training with them. Those of a block format are its encoder's and decoder's own.
/// </summary>
public sealed class WeightGrid
{
    // Elements that are encoded at once.
    private const int Chunk = 1024;

    private readonly BlockFormat? _format;
    private readonly bool _halfScale;

    private WeightGrid(string name, int group, BlockFormat? format, int lowest, int highest, bool halfScale) =>
        (Name, Group, _format, Lowest, Highest, _halfScale) = (name, group, format, lowest, highest, halfScale);

    /// <summary>GGUF's Q8_0.</summary>
    public static WeightGrid Q8_0 { get; } = new("q8_0", 32, Quantisation.Q8_0.Format, -127, 127, true);

    /// <summary>GGUF's Q4_0.</summary>
    public static WeightGrid Q4_0 { get; } = new("q4_0", 32, Quantisation.Q4_0.Format, -8, 7, true);

    /// <summary>Eight bits, one float32 scale a row.</summary>
    public static WeightGrid Int8Channel { get; } = new("int8_channel", 0, null, -127, 127, false);

    /// <summary>Levels -3 to 3, one float16 scale for 32 inputs.</summary>
    public static WeightGrid Symmetric3 { get; } = new("sym3_g32", 32, null, -3, 3, true);

    /// <summary>Levels -1 to 1, one float16 scale for 32 inputs.</summary>
    public static WeightGrid Symmetric2 { get; } = new("sym2_g32", 32, null, -1, 1, true);

    public static IReadOnlyList<WeightGrid> All { get; } = [Q8_0, Q4_0, Int8Channel, Symmetric3, Symmetric2];

    public string Name { get; }

    /// <summary>Inputs that share a scale; 0 for a whole row.</summary>
    public int Group { get; }

    /// <summary>The outermost levels that weights take.</summary>
    public int Lowest { get; }

    public int Highest { get; }

    /// <summary>Scales of a row of so many inputs.</summary>
    public int Groups(int columns) => Group == 0 ? 1 : columns / Group;

    /// <summary>A scale as it is stored: rounded to float16 where the format does so, infinite beyond its range.</summary>
    public float StoredScale(float scale) => _halfScale ? (float)(Half)scale : scale;

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

    /// <summary>
    /// Blocks of the format with these levels, and these scales (stored ones). Throws <see cref="NotSupportedException"/> where the grid is no block format, and
    /// <see cref="NotFiniteNumberException"/> for a scale that is not finite.
    /// </summary>
    public byte[] Blocks(ReadOnlySpan<sbyte> levels, ReadOnlySpan<float> scales)
    {
        if (_format is null) throw new NotSupportedException($"{Name} is no block format; it has levels and scales only.");
        if (levels.Length != scales.Length * _format.BlockSize) throw new ArgumentException($"{levels.Length} levels for {scales.Length} scales; expected {_format.BlockSize} for each.", nameof(levels));
        byte[] blocks = new byte[scales.Length * _format.BlockBytes];
        Span<sbyte> stored = stackalloc sbyte[_format.BlockSize];
        for (int i = 0; i < scales.Length; i++)
        {
            Span<byte> block = blocks.AsSpan(i * _format.BlockBytes, _format.BlockBytes);
            BlockScale.Store(scales[i], block, i * _format.BlockSize);
            levels.Slice(i * _format.BlockSize, _format.BlockSize).CopyTo(stored);
            if (!ReferenceEquals(_format, Quantisation.Q4_0.Format))
            {
                MemoryMarshal.AsBytes(stored).CopyTo(block[sizeof(ushort)..]);
                continue;
            }
            for (int j = 0; j < stored.Length; j++) stored[j] += 8;
            Quantisation.Q4_0.Layout.Pack(stored, block);
        }
        return blocks;
    }

    private void Symmetric(ReadOnlySpan<float> row, Span<float> values, Span<sbyte> levels, Span<float> scales)
    {
        int group = Group == 0 ? row.Length : Group;
        for (int start = 0; start < row.Length; start += group)
        {
            Span<sbyte> into = levels.Length == 0 ? levels : levels.Slice(start, group);
            float scale = Lanes512.IsSupported ? SymmetricLevels.Quantise<Lanes512>(row.Slice(start, group), Highest, _halfScale, values.Slice(start, group), into)
                : Lanes256.IsSupported ? SymmetricLevels.Quantise<Lanes256>(row.Slice(start, group), Highest, _halfScale, values.Slice(start, group), into)
                : SymmetricLevels.Quantise<Lanes128>(row.Slice(start, group), Highest, _halfScale, values.Slice(start, group), into);
            if (scales.Length > 0) scales[start / group] = scale;
        }
    }
}
