namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q5_K: as <see cref="Q4_K"/>, with 32 bytes before the levels whose bit g is the fifth bit of group g's elements.
/// Source: llama.cpp, <c>block_q5_K</c>.
/// </summary>
public static class Q5_K
{
    public const int BlockSize = 256;

    public const int BlockBytes = 176;

    public static BlockFormat Format { get; } = BlockFormat.Weighted<Layout, SuperBlockEncoder<Layout, Search>>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Search : ISuperBlockSearch
    {
        public static ScaleGrid Plain => new(-0.5f, 0.1f, 15);
    }

    internal readonly struct Layout : IWritableLayout
    {
        public static string Name => nameof(Q5_K);

        public static int BlockSize => Q5_K.BlockSize;

        public static int BlockBytes => Q5_K.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => true;

        public static int Zero => 0;

        public static int Top => 31;

        public static int Level(ReadOnlySpan<byte> block, int index)
        {
            int low = Nibbles.Half(block[48 + (index / 64 * 32) + (index % 32)], index % 64 / 32);
            return low | (((block[16 + (index % 32)] >> (index / 32)) & 1) << 4);
        }

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels)
        {
            for (int run = 0; run < 4; run++) PackedRuns.UnpackNibbles(block.Slice(48 + (run * 32), 32), levels.Slice(run * 64, 64));
            for (int group = 0; group < 8; group++) PackedRuns.AddBits(block.Slice(16, 32), group, 1, levels.Slice(group * 32, 32));
        }

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima) => SixBitPairs.Scales(block, scales, minima);

        public static void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block)
        {
            for (int run = 0; run < 4; run++) PackedRuns.PackNibbles(stored.Slice(run * 64, 64), block.Slice(48 + (run * 32), 32));
            block.Slice(16, 32).Clear();
            for (int group = 0; group < 8; group++) PackedRuns.SetBits(stored.Slice(group * 32, 32), group, 1, block.Slice(16, 32));
        }
    }
}
