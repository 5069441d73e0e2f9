using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q5_0: d (float16), the fifth bits of 32 elements (uint32, element j in bit j), then 16 bytes of low bits placed as in <see cref="Q4_0"/>;
/// level = value - 16, by the rule of <see cref="Q4_0"/> with 16 for 8 and 31 for 15. Source: llama.cpp, <c>quantize_row_q5_0_ref</c>.
/// </summary>
public static class Q5_0
{
    public const int BlockSize = 32;

    public const int BlockBytes = 22;

    public static BlockFormat Format { get; } = BlockFormat.Weighted<Layout, SignedEncoder<Layout>>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IWritableLayout
    {
        public static string Name => nameof(Q5_0);

        public static int BlockSize => Q5_0.BlockSize;

        public static int BlockBytes => Q5_0.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => false;

        public static int Zero => 16;

        public static int Top => 31;

        public static int Level(ReadOnlySpan<byte> block, int index) => FifthBits.At(block[2..], index) - 16;

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => FifthBits.Unpack(block[2..], 16, levels);

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima) => scales[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(block);

        public static void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block) => FifthBits.Pack(stored, block[2..]);
    }
}
