using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q8_0: d (float16), then 32 signed bytes. d = max|x| / 127, level = round(x · (1/d)) with halves away from zero, in float32; only then
/// is d rounded to float16. Source: llama.cpp, <c>quantize_row_q8_0_ref</c>. NaN, infinities and scales beyond float16 are refused with
/// <see cref="NotFiniteNumberException"/>; there they give broken blocks.
/// </summary>
public static class Q8_0
{
    public const int BlockSize = BlockDequantiser.BlockSize;

    public const int BlockBytes = 34;

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels { get; } = Q8_0Quantiser.Kernels();

    private static readonly BlockKernel s_best = Kernels.First(kernel => kernel.IsSupported);

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks)
    {
        BlockDequantiser.CheckLengths(source.Length, blocks.Length, BlockBytes);
        s_best.Quantise!(source, blocks);
    }

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination)
    {
        BlockDequantiser.CheckLengths(destination.Length, blocks.Length, BlockBytes);
        s_best.Dequantise(blocks, destination);
    }

    internal readonly struct Layout : IBlockLayout
    {
        public static int BlockBytes => Q8_0.BlockBytes;

        public static bool HasMinimum => false;

        public static int Level(ReadOnlySpan<byte> block, int index) => (sbyte)block[2 + index];

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => MemoryMarshal.Cast<byte, sbyte>(block[2..]).CopyTo(levels);
    }
}
