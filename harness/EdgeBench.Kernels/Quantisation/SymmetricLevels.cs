using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Levels from -top to top of one group: d = max|x| / top, level = round(x · (1/d)) with halves away from zero, in float32; only then is d rounded to float16
/// where scales are stored so. The same arithmetic as <see cref="Q8_0"/>, of any width of levels and groups.
/// </summary>
internal static class SymmetricLevels
{
    /// <summary>Writes what the levels mean, and the levels where there is room for them; returns the scale. Refuses what is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Quantise<TLanes>(ReadOnlySpan<float> source, int top, bool halfScale, Span<float> values, Span<sbyte> levels)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float first = ref MemoryMarshal.GetReference(source);
        TLanes magnitude = TLanes.Create(0);
        int j = 0;
        for (; j <= source.Length - TLanes.Count; j += TLanes.Count) magnitude = TLanes.MaxMagnitudeBits(magnitude, TLanes.Load(in Unsafe.Add(ref first, j)));
        uint largest = TLanes.LargestBits(magnitude);
        for (; j < source.Length; j++) largest = Math.Max(largest, BitConverter.SingleToUInt32Bits(MathF.Abs(source[j])));
        BlockScale.RefuseNonFinite(largest, source, 0);
        float scale = BitConverter.UInt32BitsToSingle(largest) / top, inverse = BlockScale.Inverse(scale);
        if (halfScale) scale = (float)(Half)scale;
        if (!float.IsFinite(scale)) throw new NotFiniteNumberException("A group needs a scale beyond 65504, where float16 ends.", scale);
        TLanes by = TLanes.Create(inverse), back = TLanes.Create(scale);
        for (j = 0; j <= source.Length - TLanes.Count; j += TLanes.Count)
        {
            TLanes level = TLanes.RoundAwayFromZero(TLanes.Multiply(TLanes.Load(in Unsafe.Add(ref first, j)), by));
            if (levels.Length > 0) TLanes.StoreTruncated(level, ref levels[j]);
            // Levels are whole numbers: + 0 turns a negative zero into the zero that an integer would be.
            TLanes.Store(TLanes.Multiply(TLanes.Add(level, TLanes.Create(0)), back), ref values[j]);
        }
        for (; j < source.Length; j++)
        {
            float level = MathF.Round(source[j] * inverse, MidpointRounding.AwayFromZero) + 0f;
            if (levels.Length > 0) levels[j] = (sbyte)level;
            values[j] = level * scale;
        }
        return scale;
    }
}
