using System.Buffers.Binary;
using System.Numerics;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>A block's scale on its way from float32 to the file.</summary>
internal static class BlockScale
{
    /// <summary>Bits of the smallest magnitude that is not a finite number.</summary>
    private const uint InfinityBits = 0x7F80_0000;

    // Q6_K reaches furthest: 65504 · 128 · 32.
    private const float SearchLimit = 1e9f;

    private const ushort HalfExponent = 0x7C00;

    /// <summary>
    /// 1/d, or 0 for a zero scale. Where 1/d overflows (|d| up to 2⁻¹²⁸; C leaves the levels undefined there) it is 0 too: d is stored as zero in
    /// any case, so every level means zero.
    /// </summary>
    public static float Inverse(float scale)
    {
        float inverse = scale == 0 ? 0 : 1 / scale;
        return float.IsInfinity(inverse) ? 0 : inverse;
    }

    /// <summary>Writes a scale or an offset as float16. One beyond its range would turn the whole block infinite, so it is refused.</summary>
    public static void Store(float scale, Span<byte> target, int start)
    {
        ushort bits = HalfConversion.ToHalfBits(scale);
        if ((bits & HalfExponent) == HalfExponent)
            throw new NotFiniteNumberException($"The block at element {start} needs the scale or offset {scale}; float16 ends at 65504.", scale);
        BinaryPrimitives.WriteUInt16LittleEndian(target, bits);
    }

    public static void RefuseNonFinite(uint magnitudeBits, ReadOnlySpan<float> block, int start)
    {
        if (magnitudeBits < InfinityBits) return;
        int index = block.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        throw new NotFiniteNumberException($"Element {start + index} is {block[index]}; only finite numbers can be quantised.", block[index]);
    }

    /// <summary>Refuses what no format whose scales are searched can hold, so that the search's sums of squares stay finite.</summary>
    public static void RefuseUnsearchable(ReadOnlySpan<float> values)
    {
        Vector<uint> largest = Vector<uint>.Zero;
        int j = 0;
        for (; j <= values.Length - Vector<float>.Count; j += Vector<float>.Count)
            largest = Vector.Max(largest, Vector.Abs(new Vector<float>(values[j..])).As<float, uint>());
        uint bits = 0;
        for (int lane = 0; lane < Vector<uint>.Count; lane++) bits = Math.Max(bits, largest[lane]);
        for (; j < values.Length; j++) bits = Math.Max(bits, BitConverter.SingleToUInt32Bits(MathF.Abs(values[j])));
        RefuseNonFinite(bits, values, 0);
        if (bits <= BitConverter.SingleToUInt32Bits(SearchLimit)) return;
        int index = values.IndexOfAnyExceptInRange(-SearchLimit, SearchLimit);
        throw new NotFiniteNumberException($"Element {index} is {values[index]}; the format ends below {SearchLimit}.", values[index]);
    }
}
