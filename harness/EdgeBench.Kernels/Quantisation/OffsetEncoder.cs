using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Writes blocks of 32 with a scale and an offset: <see cref="Q4_1"/>, <see cref="Q5_1"/>. m = min x (the first if zeros of both signs tie),
/// d = (max x - m) / top, level = min(top, trunc((x - m) · (1/d) + 0.5)). With importance: <see cref="WeightedBlocks"/> over <see cref="ScaleMinimumSearch"/>.
/// </summary>
internal readonly struct OffsetEncoder<TLayout> : IWeightedEncoder
    where TLayout : struct, IWritableLayout
{
    public static Quantiser Scalar => RoundOneByOne;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantise<TLanes>(ReadOnlySpan<float> source, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>
    {
        Span<sbyte> levels = stackalloc sbyte[TLayout.BlockSize];
        for (int start = 0; start < source.Length; start += TLayout.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, TLayout.BlockSize);
            Span<byte> block = blocks.Slice(start / TLayout.BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            ref float first = ref MemoryMarshal.GetReference(values);
            TLanes magnitude = TLanes.Create(0), least = TLanes.Create(float.MaxValue), most = TLanes.Create(float.MinValue);
            for (int j = 0; j < TLayout.BlockSize; j += TLanes.Count)
            {
                TLanes value = TLanes.Load(in Unsafe.Add(ref first, j));
                magnitude = TLanes.MaxMagnitudeBits(magnitude, value);
                (least, most) = (TLanes.Min(least, value), TLanes.Max(most, value));
            }
            BlockScale.RefuseNonFinite(TLanes.LargestBits(magnitude), values, start);
            float offset = Least(least);
            if (offset == 0) offset = values[values.IndexOf(0f)];
            float scale = Scale(offset, Most(most));
            TLanes shift = TLanes.Create(offset), inverse = TLanes.Create(BlockScale.Inverse(scale));
            BlockScale.Store(scale, block, start);
            BlockScale.Store(offset, block[2..], start);
            for (int j = 0; j < TLayout.BlockSize; j += TLanes.Count)
            {
                TLanes scaled = TLanes.Multiply(TLanes.Subtract(TLanes.Load(in Unsafe.Add(ref first, j)), shift), inverse);
                TLanes.StoreTruncated(TLanes.Min(TLanes.Add(scaled, TLanes.Create(0.5f)), TLanes.Create(TLayout.Top)), ref levels[j]);
            }
            TLayout.Pack(levels, block);
        }
    }

    public static void QuantiseWeighted<TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes> =>
        WeightedBlocks.Quantise<TLayout, TLanes>(source, importance, blocks);

    private static void RoundOneByOne(ReadOnlySpan<float> source, Span<byte> blocks)
    {
        Span<sbyte> levels = stackalloc sbyte[TLayout.BlockSize];
        for (int start = 0; start < source.Length; start += TLayout.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, TLayout.BlockSize);
            Span<byte> block = blocks.Slice(start / TLayout.BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            uint largest = 0;
            float least = float.MaxValue, most = float.MinValue;
            foreach (float value in values)
            {
                largest = Math.Max(largest, BitConverter.SingleToUInt32Bits(MathF.Abs(value)));
                if (value < least) least = value;
                if (value > most) most = value;
            }
            BlockScale.RefuseNonFinite(largest, values, start);
            float scale = Scale(least, most);
            float inverse = BlockScale.Inverse(scale);
            BlockScale.Store(scale, block, start);
            BlockScale.Store(least, block[2..], start);
            for (int j = 0; j < TLayout.BlockSize; j++)
            {
                float shifted = values[j] - least;
                float scaled = shifted * inverse;
                levels[j] = (sbyte)Math.Min(TLayout.Top, (int)(scaled + 0.5f));
            }
            TLayout.Pack(levels, block);
        }
    }

    private static float Scale(float least, float most) => (most - least) / TLayout.Top;

    private static float Least<TLanes>(TLanes lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        Span<float> values = stackalloc float[TLanes.Count];
        TLanes.Store(lanes, ref MemoryMarshal.GetReference(values));
        float least = values[0];
        foreach (float value in values) least = Math.Min(least, value);
        return least;
    }

    private static float Most<TLanes>(TLanes lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        Span<float> values = stackalloc float[TLanes.Count];
        TLanes.Store(lanes, ref MemoryMarshal.GetReference(values));
        float most = values[0];
        foreach (float value in values) most = Math.Max(most, value);
        return most;
    }
}
