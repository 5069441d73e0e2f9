using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q3_K: 32 bytes whose bit k is the upper bit of run k of 32 elements, 64 bytes of lower bit pairs placed as in <see cref="Q2_K"/>, sixteen 6-bit scales
/// less 32 in 12 bytes, d (float16). Element = d · scale · (level - 4). Only read. Source: llama.cpp, <c>block_q3_K</c>.
/// </summary>
public static class Q3_K
{
    public const int BlockSize = 256;

    public const int BlockBytes = 110;

    public static BlockFormat Format { get; } = BlockFormat.Read<Layout>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IBlockLayout
    {
        public static string Name => nameof(Q3_K);

        public static int BlockSize => Q3_K.BlockSize;

        public static int BlockBytes => Q3_K.BlockBytes;

        public static int GroupSize => 16;

        public static bool HasMinimum => false;

        public static int Zero => 4;

        public static int Level(ReadOnlySpan<byte> block, int index)
        {
            int low = (block[32 + (index / 128 * 32) + (index % 32)] >> (index % 128 / 32 * 2)) & 3;
            return (low | (((block[index % 32] >> (index / 32)) & 1) << 2)) - 4;
        }

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels)
        {
            PackedRuns.UnpackPairs(block.Slice(32, 64), levels);
            for (int run = 0; run < 8; run++) PackedRuns.AddBits(block[..32], run, 1, levels.Slice(run * 32, 32), 2);
            PackedRuns.Shift(levels[..256], -4);
        }

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
        {
            float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block[108..]);
            // Low halves of scales 0 to 7 and 8 to 15 in the halves of eight bytes, upper pairs of scale g in byte g % 4 of four more at bit 2 (g / 4).
            for (int group = 0; group < 16; group++)
            {
                int low = Nibbles.Half(block[96 + (group % 8)], group / 8), high = (block[104 + (group % 4)] >> (group / 4 * 2)) & 3;
                scales[group] = d * ((low | (high << 4)) - 32);
            }
        }
    }
}
