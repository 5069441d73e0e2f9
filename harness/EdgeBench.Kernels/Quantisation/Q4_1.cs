using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q4_1: d and m (float16), then 16 bytes of four-bit levels 0 to 15 placed as in <see cref="Q4_0"/>. m = min, d = (max - min) / 15,
/// level = trunc((x - m) · (1/d) + 0.5) in float32 without fusing; only then are d and m rounded to float16. Source: llama.cpp, <c>quantize_row_q4_1_ref</c>.
/// </summary>
public static class Q4_1
{
    public const int BlockSize = 32;

    public const int BlockBytes = 20;

    public static BlockFormat Format { get; } = BlockFormat.Weighted<Layout, OffsetEncoder<Layout>>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IWritableLayout
    {
        public static string Name => nameof(Q4_1);

        public static int BlockSize => Q4_1.BlockSize;

        public static int BlockBytes => Q4_1.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => true;

        public static int Zero => 0;

        public static int Top => 15;

        public static int Level(ReadOnlySpan<byte> block, int index) => Nibbles.At(block[4..], index);

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => Nibbles.Unpack(block[4..], 0, levels);

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
        {
            scales[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            minima[0] = -(float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
        }

        public static void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block) => Nibbles.Pack(stored, block[4..]);
    }
}
