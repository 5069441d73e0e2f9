using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>
/// Attention of several queries of one sequence over one key/value head: 64 keys at a time with an online softmax, so that scores never leave the cache.
/// Queries of all heads that read it stand in lanes; maxima and sums need nothing across lanes. Source: T. Dao et al., "FlashAttention", 2022; the order of
/// loops is our own.
/// </summary>
internal static unsafe class BlockedAttention<T>
    where T : unmanaged, IFloats<T>
{
    private const int Step = 64, StepBlocks = Step / KvLayout.Positions;

    // Below every score, and still finite: differences with it are no NaN.
    private const float Nothing = -1e30f;

    private static int Width => WideTile<T>.Columns;

    /// <summary>Floats of working memory for <paramref name="columns"/> pairs of query and head.</summary>
    public static int Scratch(in KvLayout layout, int columns)
    {
        int panels = (columns + Width - 1) / Width;
        return (panels * Panel(layout)) + (StepBlocks * (layout.ExpandedKeys + layout.ExpandedValues)) + (Step * Width);
    }

    /// <inheritdoc cref="TransformerKernels.Attend"/>
    public static void Attend(in AttentionHead head, float* queries, int queryStride, int count, int firstPosition, float* output, int outputStride, float* scratch)
    {
        KvLayout layout = head.Layout;
        int columns = count * head.Queries, panels = (columns + Width - 1) / Width, panel = Panel(layout);
        float* keys = scratch + (panels * panel), values = keys + (StepBlocks * layout.ExpandedKeys), scores = values + (StepBlocks * layout.ExpandedValues);
        for (int i = 0; i < panels; i++) Gather(head, queries, queryStride, count, firstPosition, i * Width, scratch + (i * panel));

        int last = head.LastSeen(firstPosition + count - 1) / KvLayout.Positions;
        for (int block = head.FirstSeen(firstPosition) / Step * StepBlocks; block <= last; block += StepBlocks)
        {
            int blocks = Math.Min(StepBlocks, last + 1 - block), start = block * KvLayout.Positions;
            for (int i = 0; i < blocks; i++)
            {
                KvBlocks<T>.ExpandKeys(layout, head.KeyBlock(block + i), keys + (i * layout.ExpandedKeys));
                KvBlocks<T>.ExpandValues(layout, head.ValueBlock(block + i), values + (i * layout.ExpandedValues));
            }
            for (int i = 0; i < panels; i++)
            {
                int lowest = firstPosition + (i * Width / head.Queries), highest = firstPosition + ((Math.Min(columns, (i + 1) * Width) - 1) / head.Queries);
                if (start > head.LastSeen(highest) || start + Step <= head.FirstSeen(lowest)) continue;
                bool masks = start + (blocks * KvLayout.Positions) - 1 > head.LastSeen(lowest) || start < head.FirstSeen(highest);
                Advance(head, scratch + (i * panel), keys, values, scores, start, blocks, masks);
            }
        }
        for (int i = 0; i < panels; i++) Scatter(head, scratch + (i * panel), columns - (i * Width), i * Width, output, outputStride);
    }

    // A panel: queries [HeadDim], sums of values [ValueWidth], largest scores, sums of weights, last and first visible positions, each by columns.
    private static int Panel(in KvLayout layout) => (layout.HeadDim + layout.ValueWidth + 4) * Width;

    private static void Gather(in AttentionHead head, float* queries, int queryStride, int count, int firstPosition, int firstColumn, float* panel)
    {
        int headDim = head.Layout.HeadDim, columns = count * head.Queries;
        float* sums = panel + (headDim * Width), largest = sums + (head.Layout.ValueWidth * Width), weights = largest + Width, lasts = weights + Width, firsts = lasts + Width;
        new Span<float>(sums, head.Layout.ValueWidth * Width).Clear();
        new Span<float>(largest, Width).Fill(Nothing);
        new Span<float>(weights, Width).Clear();
        for (int column = 0; column < Width; column++)
        {
            // Columns past the end repeat the last one and are never written out.
            int pair = Math.Min(firstColumn + column, columns - 1), query = pair / head.Queries;
            float* source = queries + ((nint)query * queryStride) + (pair % head.Queries * headDim);
            for (int i = 0; i < headDim; i++) panel[(i * Width) + column] = source[i] * head.Scale;
            lasts[column] = head.LastSeen(firstPosition + query);
            firsts[column] = head.FirstSeen(firstPosition + query);
        }
    }

    private static void Advance(in AttentionHead head, float* panel, float* keys, float* values, float* scores, int start, int blocks, bool masks)
    {
        int headDim = head.Layout.HeadDim, padded = head.Layout.ValueWidth, count = blocks * KvLayout.Positions;
        float* sums = panel + (headDim * Width), largest = sums + (padded * Width);
        for (int i = 0; i < blocks; i++)
        {
            WideTile<T>.Multiply(keys + (i * head.Layout.ExpandedKeys), KvLayout.Positions, KvLayout.Positions, panel, headDim,
                scores + (i * KvLayout.Positions * Width), accumulate: false);
        }
        for (int column = 0; column < Width; column += T.Count)
        {
            if (head.Softcap > 0)
            {
                for (int i = 0; i < count; i++) T.Store(RowKernels<T>.Cap(T.Load(scores + (i * Width) + column), head.Softcap), scores + (i * Width) + column);
            }
            if (masks) Mask(scores + column, count, start, largest + (2 * Width) + column);
            Weigh(scores + column, count, largest + column, sums + column, padded);
        }
        WideTile<T>.Multiply(values, padded, padded, scores, count, sums, accumulate: true);
    }

    private static void Mask(float* scores, int count, int start, float* lasts)
    {
        T last = T.Load(lasts), first = T.Load(lasts + Width), hidden = T.Create(float.NegativeInfinity);
        for (int i = 0; i < count; i++)
        {
            T position = T.Create(start + i), score = T.Load(scores + (i * Width));
            T.Store(T.WhereAtMost(position, last, T.WhereAtMost(first, position, score, hidden), hidden), scores + (i * Width));
        }
    }

    // Scores become weights relative to the new maximum; what was summed so far is scaled to it.
    private static void Weigh(float* scores, int count, float* largest, float* sums, int padded)
    {
        T before = T.Load(largest), now = before, other = before;
        for (int i = 0; i < count; i += 2)
        {
            now = T.Max(now, T.Load(scores + (i * Width)));
            other = T.Max(other, T.Load(scores + ((i + 1) * Width)));
        }
        now = T.Max(now, other);
        T total = T.Create(0), rest = total;
        for (int i = 0; i < count; i += 2)
        {
            T weight = Exponential.Exp(T.Subtract(T.Load(scores + (i * Width)), now)), next = Exponential.Exp(T.Subtract(T.Load(scores + ((i + 1) * Width)), now));
            T.Store(weight, scores + (i * Width));
            T.Store(next, scores + ((i + 1) * Width));
            total = T.Add(total, weight);
            rest = T.Add(rest, next);
        }
        T weights = T.Load(largest + Width);
        if (T.AnyDiffer(before, now))
        {
            T scale = Exponential.Exp(T.Subtract(before, now));
            weights = T.Multiply(weights, scale);
            for (int i = 0; i < padded; i++) T.Store(T.Multiply(T.Load(sums + (i * Width)), scale), sums + (i * Width));
            T.Store(now, largest);
        }
        T.Store(T.Add(weights, T.Add(total, rest)), largest + Width);
    }

    private static void Scatter(in AttentionHead head, float* panel, int columns, int firstColumn, float* output, int outputStride)
    {
        int headDim = head.Layout.HeadDim;
        float* sums = panel + (headDim * Width), weights = sums + ((head.Layout.ValueWidth + 1) * Width);
        for (int column = 0; column < Math.Min(Width, columns); column++)
        {
            int pair = firstColumn + column;
            float* target = output + ((nint)(pair / head.Queries) * outputStride) + (pair % head.Queries * headDim);
            float scale = 1 / weights[column];
            for (int i = 0; i < headDim; i++) target[i] = sums[(i * Width) + column] * scale;
        }
    }
}
