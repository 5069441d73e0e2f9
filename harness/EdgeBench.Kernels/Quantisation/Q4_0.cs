namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q4_0: d (float16), then 16 bytes with level + 8 of element j in the low and of element j + 16 in the high half. d = m / -8, m the element
/// of largest magnitude with its sign (the first if tied), level + 8 = min(15, trunc(x · (1/d) + 8.5)) in float32 without fusing; only then is d
/// rounded to float16. Source: llama.cpp, <c>quantize_row_q4_0_ref</c>. NaN, infinities and scales beyond float16 are refused with
/// <see cref="NotFiniteNumberException"/>; there they give broken blocks.
/// </summary>
public static class Q4_0
{
    public const int BlockSize = BlockDequantiser.BlockSize;

    public const int BlockBytes = 18;

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels { get; } = Q4_0Quantiser.Kernels();

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
        public static int BlockBytes => Q4_0.BlockBytes;

        public static bool HasMinimum => false;

        public static int Level(ReadOnlySpan<byte> block, int index) => Nibbles.At(block[2..], index) - 8;

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => Nibbles.Unpack(block[2..], 8, levels);
    }
}
