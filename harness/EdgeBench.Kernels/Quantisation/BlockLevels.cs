using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Levels, scales and minima of whole blocks.</summary>
internal delegate void BlockLevelReader(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima);

/// <summary>
/// Blocks as they are, for formats that store the same numbers in another order: <c>value = scale · level - minimum</c> with levels from 0 up
/// (Q8_0: to 255; IQ4_NL's are its table's values). One scale and one minimum for each <see cref="BlockFormat.GroupSize"/> elements: 32, and 16 for Q2_K,
/// Q3_K and Q6_K. For formats without a minimum it is <c>scale · zero</c>, zero the level that means 0.
/// </summary>
public static class BlockLevels
{
    /// <summary>Reads whole blocks; <paramref name="scales"/> and <paramref name="minima"/> have one entry a group. Throws <see cref="ArgumentException"/> for lengths that do not belong together.</summary>
    public static void Read(BlockFormat format, ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        ArgumentNullException.ThrowIfNull(format);
        int groups = levels.Length / format.GroupSize;
        if (levels.Length % format.BlockSize != 0 || blocks.Length != levels.Length / format.BlockSize * format.BlockBytes || scales.Length != groups || minima.Length != groups)
        {
            throw new ArgumentException(
                $"{blocks.Length} bytes, {levels.Length} levels, {scales.Length} scales and {minima.Length} minima; expected {format.BlockBytes} bytes, {format.BlockSize} levels and {format.BlockSize / format.GroupSize} of both a block.",
                nameof(levels));
        }
        format.ReadLevels(blocks, levels, scales, minima);
    }

    internal static void Of<TLayout>(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
        where TLayout : struct, IBlockLayout
    {
        Span<sbyte> signed = stackalloc sbyte[TLayout.BlockSize];
        int groups = TLayout.BlockSize / TLayout.GroupSize;
        for (int block = 0; block * TLayout.BlockSize < levels.Length; block++)
        {
            ReadOnlySpan<byte> packed = blocks.Slice(block * TLayout.BlockBytes, TLayout.BlockBytes);
            TLayout.Levels(packed, signed);
            TLayout.Scales(packed, scales.Slice(block * groups, groups), minima.Slice(block * groups, groups));
            if (!TLayout.HasMinimum)
            {
                for (int group = 0; group < groups; group++) minima[(block * groups) + group] = scales[(block * groups) + group] * TLayout.Zero;
            }
            Span<byte> stored = levels.Slice(block * TLayout.BlockSize, TLayout.BlockSize);
            TensorPrimitives.Add(MemoryMarshal.AsBytes(signed), (byte)(TLayout.HasMinimum ? 0 : TLayout.Zero), stored);
        }
    }
}
