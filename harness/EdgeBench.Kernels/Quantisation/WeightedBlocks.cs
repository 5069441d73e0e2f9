namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Blocks of 32 with an importance q for each column: the error of element x counts q · √(σ² + x²), σ² the mean square of its row. Method: llama.cpp,
/// <c>quantize_row_q4_0_impl</c> and its neighbours.
/// </summary>
internal static class WeightedBlocks
{
    private const int Size = 32;
    private const int Batch = GroupLanes.Capacity / Size;

    public static void Quantise<TLayout, TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLayout : struct, IWritableLayout
        where TLanes : struct, ILanes<TLanes>
    {
        BlockScale.RefuseUnsearchable(source);
        Span<float> weights = stackalloc float[GroupLanes.Capacity];
        Span<float> x = stackalloc float[GroupLanes.Capacity], w = stackalloc float[GroupLanes.Capacity], found = stackalloc float[GroupLanes.Capacity];
        Span<float> scales = stackalloc float[Batch], minima = stackalloc float[Batch];
        Span<sbyte> levels = stackalloc sbyte[GroupLanes.Capacity];
        for (int start = 0; start < source.Length; start += GroupLanes.Capacity)
        {
            ReadOnlySpan<float> values = source.Slice(start, Math.Min(GroupLanes.Capacity, source.Length - start));
            Weigh(source, importance, start, weights[..values.Length]);
            for (int group = 0; group * Size < values.Length; group += TLanes.Count)
            {
                GroupLanes.Gather(values, group, Size, TLanes.Count, x);
                GroupLanes.Gather(weights[..values.Length], group, Size, TLanes.Count, w);
                TLanes scale, minimum = TLanes.Create(0);
                if (TLayout.HasMinimum) ScaleMinimumSearch.Run(x, w, Size, TLayout.Top, ScaleGrid.Weighted, out scale, out minimum, found);
                else scale = ScaleSearch.Run<TLanes>(x, w, Size, TLayout.Zero, found);
                TLanes.Store(scale, ref scales[group]);
                TLanes.Store(minimum, ref minima[group]);
                GroupLanes.Scatter(found, group, Size, TLanes.Count, levels[..values.Length]);
            }
            for (int group = 0; group * Size < values.Length; group++)
            {
                Span<byte> block = blocks.Slice(((start / Size) + group) * TLayout.BlockBytes, TLayout.BlockBytes);
                BlockScale.Store(scales[group], block, start + (group * Size));
                if (TLayout.HasMinimum) BlockScale.Store(-minima[group], block[2..], start + (group * Size));
                TLayout.Pack(levels.Slice(group * Size, Size), block);
            }
        }
    }

    private static void Weigh(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, int start, Span<float> weights)
    {
        int columns = importance.Length;
        for (int done = 0; done < weights.Length;)
        {
            (int row, int column) = Math.DivRem(start + done, columns);
            float meanSquare = SumOfSquares(source.Slice(row * columns, columns)) / columns;
            int count = Math.Min(columns - column, weights.Length - done);
            for (int i = 0; i < count; i++)
            {
                float value = source[start + done + i];
                weights[done + i] = importance[column + i] * MathF.Sqrt(meanSquare + (value * value));
            }
            done += count;
        }
    }

    /// <summary>In the elements' order, as a scalar program adds.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (float value in values) sum += value * value;
        return sum;
    }
}
