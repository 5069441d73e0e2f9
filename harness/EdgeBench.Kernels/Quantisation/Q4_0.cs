using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q4_0: d (float16), then 16 bytes with level + 8 of element j in the low and of element j + 16 in the high half. d = m / -8, m the element
/// of largest magnitude with its sign (the first if tied), level + 8 = min(15, trunc(x · (1/d) + 8.5)) in float32 without fusing; only then is d
/// rounded to float16. Source: llama.cpp, <c>quantize_row_q4_0_ref</c>.
/// </summary>
public static class Q4_0
{
    public const int BlockSize = 32;

    public const int BlockBytes = 18;

    public static BlockFormat Format { get; } = BlockFormat.Weighted<Layout, SignedEncoder<Layout>>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IWritableLayout
    {
        public static string Name => nameof(Q4_0);

        public static int BlockSize => Q4_0.BlockSize;

        public static int BlockBytes => Q4_0.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => false;

        public static int Zero => 8;

        public static int Top => 15;

        public static int Level(ReadOnlySpan<byte> block, int index) => Nibbles.At(block[2..], index) - 8;

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => Nibbles.Unpack(block[2..], 8, levels);

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima) => scales[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(block);

        public static void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block) => Nibbles.Pack(stored, block[2..]);
    }
}
