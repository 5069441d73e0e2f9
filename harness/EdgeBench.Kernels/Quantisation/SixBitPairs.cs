using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// The head of Q4_K and Q5_K: d and dmin (float16), then eight scales and eight minima of six bits in twelve bytes. Groups 0 to 3 are bytes 0 to 3
/// (scales) and 4 to 7 (minima); groups 4 to 7 have their low four bits in bytes 8 to 11 (scales low, minima high) and their upper two above those of
/// groups 0 to 3. Source: llama.cpp, <c>get_scale_min_k4</c>.
/// </summary>
internal static class SixBitPairs
{
    public const int Groups = 8;

    public const int Top = 63;

    public static (int Scale, int Minimum) At(ReadOnlySpan<byte> block, int group)
    {
        ReadOnlySpan<byte> packed = block.Slice(4, 12);
        return group < 4
            ? (packed[group] & 63, packed[group + 4] & 63)
            : ((packed[group + 4] & 15) | ((packed[group - 4] >> 6) << 4), (packed[group + 4] >> 4) | ((packed[group] >> 6) << 4));
    }

    public static void Pack(ReadOnlySpan<byte> scales, ReadOnlySpan<byte> minima, Span<byte> block)
    {
        Span<byte> packed = block.Slice(4, 12);
        for (int group = 0; group < 4; group++)
        {
            packed[group] = (byte)(scales[group] | ((scales[group + 4] >> 4) << 6));
            packed[group + 4] = (byte)(minima[group] | ((minima[group + 4] >> 4) << 6));
            packed[group + 8] = (byte)((scales[group + 4] & 15) | ((minima[group + 4] & 15) << 4));
        }
    }

    /// <summary>d · scale and dmin · minimum of each group.</summary>
    public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block), least = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
        for (int group = 0; group < Groups; group++)
        {
            (int scale, int minimum) = At(block, group);
            (scales[group], minima[group]) = (d * scale, least * minimum);
        }
    }
}
