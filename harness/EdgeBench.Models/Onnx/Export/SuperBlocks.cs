using System.Buffers.Binary;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// Levels of llama.cpp's K-quants: super-blocks of 256 elements with float16 scales, whose groups of 16 or 32 have small integer scales
/// (<c>ggml-common.h</c>, <c>block_q2_K</c> … <c>block_q6_K</c>; order of elements: <c>dequantize_row_q*_K</c>).
/// </summary>
internal static class SuperBlocks
{
    private const int Elements = 256;

    // scales[16] (low nibble scale, high nibble minimum), qs[64], d, dmin
    public static void Q2(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        for (int s = 0; s * Elements < levels.Length; s++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(s * 84, 84);
            float d = Half(block[80..]), low = Half(block[82..]);
            for (int g = 0; g < 16; g++)
            {
                scales[(s * 16) + g] = d * (block[g] & 15);
                minima[(s * 16) + g] = -(low * (block[g] >> 4));
            }
            for (int i = 0; i < Elements; i++) levels[(s * Elements) + i] = (byte)(block[16 + (i / 128 * 32) + (i % 32)] >> (i % 128 / 32 * 2) & 3);
        }
    }

    // hmask[32], qs[64], scales[12] of 6 bits, d
    public static void Q3(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        for (int s = 0; s * Elements < levels.Length; s++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(s * 110, 110), packed = block.Slice(96, 12);
            float d = Half(block[108..]);
            for (int g = 0; g < 16; g++)
            {
                int low = g < 8 ? packed[g] & 15 : packed[g - 8] >> 4, high = packed[8 + (g % 4)] >> (g / 4 * 2) & 3;
                scales[(s * 16) + g] = d * ((low | (high << 4)) - 32);
            }
            for (int i = 0; i < Elements; i++)
            {
                int two = block[32 + (i / 128 * 32) + (i % 32)] >> (i % 128 / 32 * 2) & 3;
                int third = block[i % 32] >> (i / 32) & 1;
                levels[(s * Elements) + i] = (byte)(two + (third * 4) - 4 + 8);
            }
        }
    }

    // d, dmin, scales[12] of 6 bits, qs[128]
    public static void Q4(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        for (int s = 0; s * Elements < levels.Length; s++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(s * 144, 144);
            SixBits(block, s, scales, minima);
            for (int i = 0; i < Elements; i++) levels[(s * Elements) + i] = Nibble(block[16..], i);
        }
    }

    // d, dmin, scales[12] of 6 bits, qh[32], qs[128]
    public static void Q5(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        for (int s = 0; s * Elements < levels.Length; s++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(s * 176, 176);
            SixBits(block, s, scales, minima);
            for (int i = 0; i < Elements; i++)
                levels[(s * Elements) + i] = (byte)(Nibble(block[48..], i) | ((block[16 + (i % 32)] >> (i / 32) & 1) << 4));
        }
    }

    // ql[128], qh[64], scales[16] (int8), d
    public static void Q6(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        for (int s = 0; s * Elements < levels.Length; s++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(s * 210, 210);
            float d = Half(block[208..]);
            for (int g = 0; g < 16; g++) scales[(s * 16) + g] = d * (sbyte)block[192 + g];
            for (int i = 0; i < Elements; i++)
            {
                int half = i / 128, at = i % 128, low = block[(half * 64) + (at % 64)] >> (at / 64 * 4) & 15;
                int high = block[128 + (half * 32) + (at % 32)] >> (at / 32 * 2) & 3;
                levels[(s * Elements) + i] = (byte)((low | (high << 4)) - 32 + 128);
            }
        }
    }

    // Eight scales and eight minima of 6 bits: llama.cpp, get_scale_min_k4.
    private static void SixBits(ReadOnlySpan<byte> block, int index, Span<float> scales, Span<float> minima)
    {
        float d = Half(block), low = Half(block[2..]);
        ReadOnlySpan<byte> packed = block.Slice(4, 12);
        for (int g = 0; g < 8; g++)
        {
            int scale = g < 4 ? packed[g] & 63 : (packed[g + 4] & 15) | (packed[g - 4] >> 6 << 4);
            int minimum = g < 4 ? packed[g + 4] & 63 : (packed[g + 4] >> 4) | (packed[g] >> 6 << 4);
            scales[(index * 8) + g] = d * scale;
            minima[(index * 8) + g] = -(low * minimum);
        }
    }

    // 64 elements a run of 32 bytes: low nibbles first.
    private static byte Nibble(ReadOnlySpan<byte> pairs, int i) => (byte)(pairs[(i / 64 * 32) + (i % 32)] >> (i % 64 / 32 * 4) & 15);

    private static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
