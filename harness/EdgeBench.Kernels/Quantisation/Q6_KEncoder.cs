namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Writes <see cref="Q6_K"/>: <see cref="ScaleSearch"/> finds each group's scale, weighted by x² or by the importance alone; scales are rounded to
/// whole numbers of d, the largest -128, and the levels are rounded again with what is stored. Method: llama.cpp, <c>quantize_row_q6_K_ref</c>, <c>_impl</c>.
/// </summary>
internal readonly struct Q6_KEncoder : IWeightedEncoder
{
    private const int Size = Q6_K.BlockSize;
    private const int Group = 16;
    private const int Groups = Size / Group;
    private const int Zero = 32;

    // Below it a block counts as zeros.
    private const float Least = 1e-15f;

    public static void Quantise<TLanes>(ReadOnlySpan<float> source, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes> =>
        Encode<TLanes>(source, [], blocks);

    public static void QuantiseWeighted<TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes> =>
        Encode<TLanes>(source, importance, blocks);

    private static void Encode<TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>
    {
        BlockScale.RefuseUnsearchable(source);
        Span<float> x = stackalloc float[Size], w = stackalloc float[Size], found = stackalloc float[Size], scales = stackalloc float[Groups];
        Span<sbyte> levels = stackalloc sbyte[Size];
        for (int start = 0; start < source.Length; start += Size)
        {
            ReadOnlySpan<float> values = source.Slice(start, Size);
            Span<byte> block = blocks.Slice(start / Size * Q6_K.BlockBytes, Q6_K.BlockBytes);
            for (int group = 0; group < Groups; group += TLanes.Count)
            {
                GroupLanes.Gather(values, group, Group, TLanes.Count, x);
                if (importance.Length > 0) GroupLanes.Gather(importance.Slice(start % importance.Length, Size), group, Group, TLanes.Count, w);
                else Square<TLanes>(x, w);
                TLanes.Store(ScaleSearch.Run<TLanes>(x, w, Group, Zero, found), ref scales[group]);
                GroupLanes.Scatter(found, group, Group, TLanes.Count, levels);
            }
            StoreBlock<TLanes>(values, scales, levels, block, start);
        }
    }

    private static void Square<TLanes>(ReadOnlySpan<float> x, Span<float> w)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int i = 0; i < Group * TLanes.Count; i += TLanes.Count)
        {
            TLanes value = TLanes.Load(in x[i]);
            TLanes.Store(TLanes.Multiply(value, value), ref w[i]);
        }
    }

    private static void StoreBlock<TLanes>(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, Span<sbyte> levels, Span<byte> block, int start)
        where TLanes : struct, ILanes<TLanes>
    {
        float extreme = 0;
        foreach (float scale in scales)
        {
            if (MathF.Abs(scale) > MathF.Abs(extreme)) extreme = scale;
        }
        if (MathF.Abs(extreme) < Least)
        {
            block.Clear();
            return;
        }
        float inverse = -128 / extreme;
        BlockScale.Store(1 / inverse, block[208..], start);
        for (int group = 0; group < Groups; group++) block[192 + group] = (byte)(sbyte)Math.Clamp(MathF.Round(inverse * scales[group]), -128, 127);
        Span<float> stored = stackalloc float[Groups];
        Q6_K.Layout.Scales(block, stored, []);
        for (int group = 0; group < Groups; group++)
        {
            // A group whose scale is stored as zero keeps the levels of the search: they mean nothing.
            if (stored[group] == 0) continue;
            TLanes scale = TLanes.Create(stored[group]);
            for (int j = group * Group; j < (group + 1) * Group; j += TLanes.Count)
            {
                TLanes level = GroupLanes.Round(TLanes.Divide(TLanes.Load(in values[j]), scale));
                level = TLanes.Max(TLanes.Create(-Zero), TLanes.Min(TLanes.Create(Zero - 1), level));
                TLanes.StoreTruncated(TLanes.Add(level, TLanes.Create(Zero)), ref levels[j]);
            }
        }
        Q6_K.Layout.Pack(levels, block);
    }
}
