namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q4_K: d and dmin (float16), eight 6-bit scales and minima (<see cref="SixBitPairs"/>), then four times 32 bytes, each with the 4-bit levels of
/// 32 elements in the low and of the next 32 in the high halves; <c>value = d · scale · level - dmin · minimum</c>.
/// Levels by <see cref="SuperBlockEncoder{TLayout, TSearch}"/>. Source: llama.cpp, <c>block_q4_K</c>.
/// </summary>
public static class Q4_K
{
    public const int BlockSize = 256;

    public const int BlockBytes = 144;

    public static BlockFormat Format { get; } = BlockFormat.Weighted<Layout, SuperBlockEncoder<Layout, Search>>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Search : ISuperBlockSearch
    {
        public static ScaleGrid Plain => new(-1f, 0.1f, 20);
    }

    internal readonly struct Layout : IWritableLayout
    {
        public static string Name => nameof(Q4_K);

        public static int BlockSize => Q4_K.BlockSize;

        public static int BlockBytes => Q4_K.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => true;

        public static int Zero => 0;

        public static int Top => 15;

        public static int Level(ReadOnlySpan<byte> block, int index) => Nibbles.Half(block[16 + (index / 64 * 32) + (index % 32)], index % 64 / 32);

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels)
        {
            for (int run = 0; run < 4; run++) PackedRuns.UnpackNibbles(block.Slice(16 + (run * 32), 32), levels.Slice(run * 64, 64));
        }

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima) => SixBitPairs.Scales(block, scales, minima);

        public static void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block)
        {
            for (int run = 0; run < 4; run++) PackedRuns.PackNibbles(stored.Slice(run * 64, 64), block.Slice(16 + (run * 32), 32));
        }
    }
}
