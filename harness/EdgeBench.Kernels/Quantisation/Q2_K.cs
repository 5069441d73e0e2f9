using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q2_K: sixteen bytes with the scale (low half) and minimum (high half) of 16 elements, 64 bytes of 2-bit levels, d and dmin (float16). Of each 128
/// elements, run k of 32 is bits 2k and 2k + 1 of 32 bytes. Only read. Source: llama.cpp, <c>block_q2_K</c>.
/// </summary>
public static class Q2_K
{
    public const int BlockSize = 256;

    public const int BlockBytes = 84;

    public static BlockFormat Format { get; } = BlockFormat.Read<Layout>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IBlockLayout
    {
        public static string Name => nameof(Q2_K);

        public static int BlockSize => Q2_K.BlockSize;

        public static int BlockBytes => Q2_K.BlockBytes;

        public static int GroupSize => 16;

        public static bool HasMinimum => true;

        public static int Zero => 0;

        public static int Level(ReadOnlySpan<byte> block, int index) => (block[16 + (index / 128 * 32) + (index % 32)] >> (index % 128 / 32 * 2)) & 3;

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => PackedRuns.UnpackPairs(block.Slice(16, 64), levels);

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
        {
            float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block[80..]), least = (float)BinaryPrimitives.ReadHalfLittleEndian(block[82..]);
            for (int group = 0; group < 16; group++)
            {
                scales[group] = d * (block[group] & 15);
                minima[group] = least * (block[group] >> 4);
            }
        }
    }
}
