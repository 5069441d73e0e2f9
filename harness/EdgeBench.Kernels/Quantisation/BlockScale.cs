using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>A block's scale on its way from float32 to the file.</summary>
internal static class BlockScale
{
    /// <summary>Bits of the smallest magnitude that is not a finite number.</summary>
    private const uint InfinityBits = 0x7F80_0000;

    private const ushort InfiniteHalf = 0x7C00;

    /// <summary>
    /// 1/d, or 0 for a zero scale. Where 1/d overflows (|d| up to 2⁻¹²⁸; C leaves the levels undefined there) it is 0 too: d is stored as zero in
    /// any case, so every level means zero.
    /// </summary>
    public static float Inverse(float scale)
    {
        float inverse = scale == 0 ? 0 : 1 / scale;
        return float.IsInfinity(inverse) ? 0 : inverse;
    }

    /// <summary>Writes the scale as float16. One beyond its range would turn the whole block infinite, so it is refused.</summary>
    public static void Store(float scale, Span<byte> block, int start)
    {
        ushort bits = HalfConversion.ToHalfBits(scale);
        if ((bits & 0x7FFF) == InfiniteHalf)
            throw new NotFiniteNumberException($"The block at element {start} needs the scale {scale}; float16 ends at 65504.", scale);
        BinaryPrimitives.WriteUInt16LittleEndian(block, bits);
    }

    public static void RefuseNonFinite(uint magnitudeBits, ReadOnlySpan<float> block, int start)
    {
        if (magnitudeBits < InfinityBits) return;
        int index = block.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        throw new NotFiniteNumberException($"Element {start + index} is {block[index]}; only finite numbers can be quantised.", block[index]);
    }
}
