using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Writes blocks of 256 with eight scales and minima: <see cref="Q4_K"/>, <see cref="Q5_K"/>. <see cref="ScaleMinimumSearch"/> finds each group's scale
/// and minimum, with the weight rms(group) + |x|, or importance · √(2 · mean square of the block + x²); both are rounded to six bits (largest / 63; with
/// importance <see cref="ScaleLevels"/>), and the levels are rounded again with what is stored. Method: llama.cpp, <c>quantize_row_q4_K_ref</c>, <c>_impl</c>.
/// </summary>
internal readonly struct SuperBlockEncoder<TLayout, TSearch> : IWeightedEncoder
    where TLayout : struct, IWritableLayout
    where TSearch : struct, ISuperBlockSearch
{
    private const int Size = 256;
    private const int Group = Size / SixBitPairs.Groups;

    public static void Quantise<TLanes>(ReadOnlySpan<float> source, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes> =>
        Encode<TLanes>(source, [], blocks);

    public static void QuantiseWeighted<TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes> =>
        Encode<TLanes>(source, importance, blocks);

    // Two blocks at a time: as many groups as the widest vector has lanes.
    private static void Encode<TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>
    {
        BlockScale.RefuseUnsearchable(source);
        Span<float> weights = stackalloc float[GroupLanes.Capacity];
        Span<float> x = stackalloc float[GroupLanes.Capacity], w = stackalloc float[GroupLanes.Capacity], found = stackalloc float[GroupLanes.Capacity];
        Span<float> scales = stackalloc float[16], minima = stackalloc float[16], sums = stackalloc float[16];
        Span<sbyte> levels = stackalloc sbyte[GroupLanes.Capacity];
        for (int start = 0; start < source.Length; start += GroupLanes.Capacity)
        {
            ReadOnlySpan<float> values = source.Slice(start, Math.Min(GroupLanes.Capacity, source.Length - start));
            for (int block = 0; block < values.Length && importance.Length > 0; block += Size)
                Weigh(values.Slice(block, Size), importance.Slice((start + block) % importance.Length, Size), weights[block..]);
            for (int group = 0; group * Group < values.Length; group += TLanes.Count)
            {
                GroupLanes.Gather(values, group, Group, TLanes.Count, x);
                if (importance.Length > 0) GroupLanes.Gather(weights[..values.Length], group, Group, TLanes.Count, w);
                else WeighPlain<TLanes>(x, w);
                ScaleMinimumSearch.Run(
                    x, w, Group, TLayout.Top, importance.Length > 0 ? ScaleGrid.Weighted : TSearch.Plain, out TLanes scale, out TLanes minimum, found);
                TLanes.Store(scale, ref scales[group]);
                TLanes.Store(minimum, ref minima[group]);
                TLanes.Store(Sum<TLanes>(w), ref sums[group]);
                GroupLanes.Scatter(found, group, Group, TLanes.Count, levels[..values.Length]);
            }
            for (int block = 0; block < values.Length / Size; block++)
            {
                Span<byte> target = blocks.Slice(((start / Size) + block) * TLayout.BlockBytes, TLayout.BlockBytes);
                int group = block * SixBitPairs.Groups;
                StoreScales(scales.Slice(group, 8), minima.Slice(group, 8), importance.Length > 0 ? sums.Slice(group, 8) : [], target, start + (block * Size));
                Round<TLanes>(values.Slice(block * Size, Size), target, levels.Slice(block * Size, Size));
                TLayout.Pack(levels.Slice(block * Size, Size), target);
            }
        }
    }

    private static void Weigh(ReadOnlySpan<float> block, ReadOnlySpan<float> importance, Span<float> weights)
    {
        float square = 2 * WeightedBlocks.SumOfSquares(block) / Size;
        for (int i = 0; i < block.Length; i++) weights[i] = importance[i] * MathF.Sqrt(square + (block[i] * block[i]));
    }

    private static void WeighPlain<TLanes>(ReadOnlySpan<float> x, Span<float> w)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float first = ref MemoryMarshal.GetReference(x);
        TLanes sum = TLanes.Create(0);
        for (int i = 0; i < Group; i++)
        {
            TLanes value = TLanes.Load(in Unsafe.Add(ref first, i * TLanes.Count));
            sum = TLanes.Add(sum, TLanes.Multiply(value, value));
        }
        TLanes root = TLanes.Sqrt(TLanes.Divide(sum, TLanes.Create(Group)));
        for (int i = 0; i < Group; i++)
            TLanes.Store(TLanes.Add(root, TLanes.Abs(TLanes.Load(in Unsafe.Add(ref first, i * TLanes.Count)))), ref w[i * TLanes.Count]);
    }

    private static TLanes Sum<TLanes>(ReadOnlySpan<float> w)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes sum = TLanes.Create(0);
        for (int i = 0; i < Group; i++) sum = TLanes.Add(sum, TLanes.Load(in w[i * TLanes.Count]));
        return sum;
    }

    private static void StoreScales(ReadOnlySpan<float> scales, ReadOnlySpan<float> minima, ReadOnlySpan<float> sums, Span<byte> block, int start)
    {
        Span<byte> scaleLevels = stackalloc byte[SixBitPairs.Groups], minimumLevels = stackalloc byte[SixBitPairs.Groups];
        bool weighted = sums.Length > 0;
        BlockScale.Store(weighted ? ScaleLevels.Choose(scales, sums, SixBitPairs.Top, scaleLevels) : ByLargest(scales, scaleLevels), block, start);
        BlockScale.Store(weighted ? ScaleLevels.Choose(minima, sums, SixBitPairs.Top, minimumLevels) : ByLargest(minima, minimumLevels), block[2..], start);
        SixBitPairs.Pack(scaleLevels, minimumLevels, block);
    }

    private static float ByLargest(ReadOnlySpan<float> values, Span<byte> levels)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, value);
        float inverse = largest > 0 ? SixBitPairs.Top / largest : 0;
        for (int i = 0; i < values.Length; i++) levels[i] = (byte)Math.Clamp(MathF.Round(inverse * values[i]), 0, SixBitPairs.Top);
        return largest / SixBitPairs.Top;
    }

    // A group whose scale is stored as zero keeps the levels of the search: they mean nothing.
    private static void Round<TLanes>(ReadOnlySpan<float> values, ReadOnlySpan<byte> block, Span<sbyte> levels)
        where TLanes : struct, ILanes<TLanes>
    {
        Span<float> scales = stackalloc float[SixBitPairs.Groups], minima = stackalloc float[SixBitPairs.Groups];
        SixBitPairs.Scales(block, scales, minima);
        for (int group = 0; group < SixBitPairs.Groups; group++)
        {
            if (scales[group] == 0) continue;
            TLanes scale = TLanes.Create(scales[group]), minimum = TLanes.Create(minima[group]);
            for (int j = group * Group; j < (group + 1) * Group; j += TLanes.Count)
            {
                TLanes level = GroupLanes.Round(TLanes.Divide(TLanes.Add(TLanes.Load(in values[j]), minimum), scale));
                TLanes.StoreTruncated(TLanes.Max(TLanes.Create(0), TLanes.Min(TLanes.Create(TLayout.Top), level)), ref levels[j]);
            }
        }
    }
}
