using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's Q6_K: 128 bytes of low halves and 64 of upper bit pairs, sixteen signed scales (one for 16 elements), d (float16). Of each 128 elements,
/// the low halves of the first 64 are the low and of the others the high halves of 64 bytes, and the upper bits of run k of 32 are bits 2k and 2k + 1 of 32 bytes.
/// Element = d · scale · (level - 32). Levels by <see cref="Q6_KEncoder"/>. Source: llama.cpp, <c>block_q6_K</c>.
/// </summary>
public static class Q6_K
{
    public const int BlockSize = 256;

    public const int BlockBytes = 210;

    internal const int Scales = 16, ScalesAt = 192, FactorAt = 208;

    public static BlockFormat Format { get; } = BlockFormat.Weighted<Layout, Q6_KEncoder>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    public static void Quantise(ReadOnlySpan<float> source, Span<byte> blocks) => Format.Quantise(source, blocks);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IWritableLayout
    {
        public static string Name => nameof(Q6_K);

        public static int BlockSize => Q6_K.BlockSize;

        public static int BlockBytes => Q6_K.BlockBytes;

        public static int GroupSize => 16;

        public static bool HasMinimum => false;

        public static int Zero => 32;

        public static int Top => 63;

        public static int Level(ReadOnlySpan<byte> block, int index)
        {
            (int half, int run, int at) = (index / 128, index % 128 / 32, index % 32);
            int low = Nibbles.Half(block[(half * 64) + (run % 2 * 32) + at], run / 2);
            return (low | (((block[128 + (half * 32) + at] >> (2 * run)) & 3) << 4)) - 32;
        }

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels)
        {
            for (int half = 0; half < 2; half++)
            {
                Span<sbyte> target = levels.Slice(half * 128, 128);
                PackedRuns.UnpackWide(block.Slice(half * 64, 64), target);
                for (int run = 0; run < 4; run++) PackedRuns.AddBits(block.Slice(128 + (half * 32), 32), 2 * run, 3, target.Slice(run * 32, 32));
            }
            PackedRuns.Shift(levels[..256], -32);
        }

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
        {
            float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block[FactorAt..]);
            for (int group = 0; group < Q6_K.Scales; group++) scales[group] = d * (sbyte)block[ScalesAt + group];
        }

        public static void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block)
        {
            block.Slice(128, 64).Clear();
            for (int half = 0; half < 2; half++)
            {
                ReadOnlySpan<sbyte> source = stored.Slice(half * 128, 128);
                PackedRuns.PackWide(source, block.Slice(half * 64, 64));
                for (int run = 0; run < 4; run++) PackedRuns.SetBits(source.Slice(run * 32, 32), 2 * run, 3, block.Slice(128 + (half * 32), 32));
            }
        }
    }
}
