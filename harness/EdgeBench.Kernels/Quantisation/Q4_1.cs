namespace EdgeBench.Kernels.Quantisation;

/// <summary>GGUF's Q4_1: d and m (float16), then 16 bytes of four-bit levels 0 to 15 placed as in <see cref="Q4_0"/>. Read only: published small models still use it. Source: llama.cpp, <c>block_q4_1</c>.</summary>
public static class Q4_1
{
    public const int BlockSize = BlockDequantiser.BlockSize;

    public const int BlockBytes = 20;

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels { get; } = BlockDequantiser.Kernels<Layout>();

    private static readonly BlockKernel s_best = Kernels.First(kernel => kernel.IsSupported);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination)
    {
        BlockDequantiser.CheckLengths(destination.Length, blocks.Length, BlockBytes);
        s_best.Dequantise(blocks, destination);
    }

    private readonly struct Layout : IBlockLayout
    {
        public static int BlockBytes => Q4_1.BlockBytes;

        public static bool HasMinimum => true;

        public static int Level(ReadOnlySpan<byte> block, int index) => Nibbles.At(block[4..], index);

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => Nibbles.Unpack(block[4..], 0, levels);
    }
}
