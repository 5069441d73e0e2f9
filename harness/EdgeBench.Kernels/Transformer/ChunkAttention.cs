using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>
/// Attention of one query position over a chunk of one key/value head: each block of keys and values is read once for all query heads that share it. Chunks
/// are joined by <see cref="Join"/>, always at the same positions, so that the result does not depend on who computed which. Source: T. Dao, D. Haziza,
/// F. Massa, G. Sizov, "Flash-Decoding for long-context inference", 2023.
/// </summary>
internal static unsafe class ChunkAttention<T>
    where T : unmanaged, IFloats<T>
{
    private const int Positions = KvLayout.Positions;

    /// <summary>Floats of working memory.</summary>
    public static int Scratch(in KvLayout layout, int queries) =>
        Math.Max(layout.ExpandedKeys, layout.ExpandedValues) + (queries * (TransformerKernels.ChunkPositions + layout.HeadDim));

    /// <inheritdoc cref="TransformerKernels.AttendChunk"/>
    public static void Attend(in AttentionHead head, float* queries, int position, int chunk, float* partial, float* scratch)
    {
        KvLayout layout = head.Layout;
        int start = chunk * TransformerKernels.ChunkPositions, end = Math.Min(start + TransformerKernels.ChunkPositions, position + 1);
        int first = Math.Max(start, head.FirstSeen(position)), firstBlock = first / Positions, lastBlock = (end - 1) / Positions;
        int seen = (lastBlock + 1 - firstBlock) * Positions, skipped = first - (firstBlock * Positions), visible = end - (firstBlock * Positions);
        float* scores = scratch + Math.Max(layout.ExpandedKeys, layout.ExpandedValues);

        if (layout.Keys == KvFormat.F16)
        {
            float* carrying = scores + (head.Queries * TransformerKernels.ChunkPositions);
            for (int i = 0; i < head.Queries * layout.HeadDim; i++) carrying[i] = queries[i] * HalfSource.Scale;
            queries = carrying;
        }
        for (int block = firstBlock; block <= lastBlock; block++) Score(head, queries, block, scores + ((block - firstBlock) * Positions), seen, scratch);
        int width = layout.ValueWidth + 2;
        for (int query = 0; query < head.Queries; query++)
        {
            float* row = scores + (query * seen), sums = partial + (query * width) + 2;
            new Span<float>(row, skipped).Fill(float.NegativeInfinity);
            new Span<float>(row + visible, seen - visible).Fill(float.NegativeInfinity);
            if (head.Softcap > 0) RowKernels<T>.Cap(row + skipped, visible - skipped, head.Softcap);
            (sums[-2], sums[-1]) = Weigh(row, seen, layout.Values == KvFormat.F16 ? HalfSource.Scale : FloatSource.Scale);
        }
        for (int block = firstBlock; block <= lastBlock; block++) Sum(head, scores + ((block - firstBlock) * Positions), seen, block, partial + 2, width, block > firstBlock, scratch);
    }

    // float16 is read where it lies, other formats are expanded first.
    private static void Score(in AttentionHead head, float* queries, int block, float* scores, int stride, float* scratch)
    {
        KvLayout layout = head.Layout;
        byte* keys = head.KeyBlock(block);
        if (layout.Keys == KvFormat.F16)
        {
            ThinTile<T, HalfSource>.Multiply(queries, layout.HeadDim, head.Queries, keys, Positions, layout.HeadDim, Positions, scores, stride, accumulate: false);
            return;
        }
        if (layout.Keys == KvFormat.Q8_0) KvBlocks<T>.ExpandKeys(layout, keys, scratch);
        ThinTile<T, FloatSource>.Multiply(queries, layout.HeadDim, head.Queries, layout.Keys == KvFormat.Q8_0 ? (byte*)scratch : keys, Positions, layout.HeadDim, Positions, scores, stride, accumulate: false);
    }

    private static void Sum(in AttentionHead head, float* weights, int stride, int block, float* sums, int width, bool accumulate, float* scratch)
    {
        KvLayout layout = head.Layout;
        byte* values = head.ValueBlock(block);
        if (layout.Values == KvFormat.F16)
        {
            ThinTile<T, HalfSource>.Multiply(weights, stride, head.Queries, values, layout.ValueWidth, Positions, layout.ValueWidth, sums, width, accumulate);
            return;
        }
        if (layout.Values == KvFormat.Q8_0) KvBlocks<T>.ExpandValues(layout, values, scratch);
        ThinTile<T, FloatSource>.Multiply(weights, stride, head.Queries, layout.Values == KvFormat.Q8_0 ? (byte*)scratch : values, layout.ValueWidth, Positions, layout.ValueWidth, sums, width, accumulate);
    }

    /// <inheritdoc cref="TransformerKernels.JoinChunks"/>
    public static void Join(in KvLayout layout, int queries, float* partials, int stride, int chunks, float* output)
    {
        int width = layout.ValueWidth + 2;
        for (int query = 0; query < queries; query++)
        {
            float* first = partials + (query * width), target = output + (query * layout.HeadDim);
            float largest = first[0], total = 0;
            for (int chunk = 1; chunk < chunks; chunk++) largest = Math.Max(largest, first[chunk * stride]);
            for (int chunk = 0; chunk < chunks; chunk++) total += Weight(first[chunk * stride], largest) * first[(chunk * stride) + 1];
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                float* sums = first + (chunk * stride) + 2;
                float scale = Weight(sums[-2], largest) / total;
                T factor = T.Create(scale);
                int i = 0;
                for (; i <= layout.HeadDim - T.Count; i += T.Count)
                {
                    T part = T.Multiply(T.Load(sums + i), factor);
                    T.Store(chunk == 0 ? part : T.Add(T.Load(target + i), part), target + i);
                }
                for (; i < layout.HeadDim; i++) target[i] = (chunk == 0 ? 0 : target[i]) + (sums[i] * scale);
            }
        }
    }

    // Of the chunk with the largest score 1, which is often the only one.
    private static float Weight(float score, float largest) => score == largest ? 1 : MathF.Exp(score - largest);

    // Scores become weights times a scale; the largest score, and the sum of weights without it.
    private static (float Largest, float Sum) Weigh(float* scores, int count, float scale)
    {
        T found = T.Load(scores), factor = T.Create(scale), sum = T.Create(0);
        for (int i = T.Count; i < count; i += T.Count) found = T.Max(found, T.Load(scores + i));
        float* lanes = stackalloc float[T.Count];
        T.Store(found, lanes);
        float largest = lanes[0];
        for (int i = 1; i < T.Count; i++) largest = Math.Max(largest, lanes[i]);
        T most = T.Create(largest);
        for (int i = 0; i < count; i += T.Count)
        {
            T weight = Exponential.Exp(T.Subtract(T.Load(scores + i), most));
            T.Store(T.Multiply(weight, factor), scores + i);
            sum = T.Add(sum, weight);
        }
        return (largest, T.Sum(sum));
    }
}
