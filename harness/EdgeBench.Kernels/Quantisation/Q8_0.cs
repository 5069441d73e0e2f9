using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q8_0: d (float16), then 32 signed bytes. d = max|x| / 127, level = round(x · (1/d)) with halves away from zero, in float32; only then
/// is d rounded to float16. Source: llama.cpp, <c>quantize_row_q8_0_ref</c>.
/// </summary>
public static class Q8_0
{
    public const int BlockSize = 32;

    public const int BlockBytes = 34;

    public static BlockFormat Format { get; } = BlockFormat.Written<Layout, Q8_0Encoder>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IBlockLayout
    {
        public static string Name => nameof(Q8_0);

        public static int BlockSize => Q8_0.BlockSize;

        public static int BlockBytes => Q8_0.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => false;

        public static int Zero => 128;

        public static int Level(ReadOnlySpan<byte> block, int index) => (sbyte)block[2 + index];

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels) => MemoryMarshal.Cast<byte, sbyte>(block[2..]).CopyTo(levels);

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima) => scales[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
    }
}
