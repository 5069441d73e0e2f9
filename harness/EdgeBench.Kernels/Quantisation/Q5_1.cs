using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q5_1: d and m (float16), the fifth bits of 32 elements (uint32, element j in bit j), then 16 bytes of low bits placed as in
/// <see cref="Q4_0"/>; by the rule of <see cref="Q4_1"/> with 31 for 15. Source: llama.cpp, <c>quantize_row_q5_1_ref</c>.
/// </summary>
public static class Q5_1
{
    public const int BlockSize = 32;

    public const int BlockBytes = 24;

    public static BlockFormat Format { get; } = BlockFormat.Weighted<Layout, OffsetEncoder<Layout>>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IWritableLayout
    {
        public static string Name => nameof(Q5_1);

        public static int BlockSize => Q5_1.BlockSize;

        public static int BlockBytes => Q5_1.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => true;

        public static int Zero => 0;

        public static int Top => 31;

        public static int Level(ReadOnlySpan<byte> block, int index) => FifthBits.At(block[4..], index);

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => FifthBits.Unpack(block[4..], 0, levels);

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
        {
            scales[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            minima[0] = -(float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
        }

        public static void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block) => FifthBits.Pack(stored, block[4..]);
    }
}
