using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>
/// Attention and its derivative, a block of queries at a time: scores are in the cache only, and the backward pass makes them again from queries, keys and one
/// logarithm a row. Source: T. Dao et al., "FlashAttention", 2022, section 3.1, with whole rows of scores instead of blocks of keys.
/// </summary>
internal static unsafe class AttentionRows<T, TTile>
    where T : unmanaged, IFloats<T>
    where TTile : struct, ITile
{
    private const int Block = AttentionScratch<TTile>.Block;

    /// <inheritdoc cref="TrainingKernels.Attend"/>
    public static void Forward(in AttentionBlock at, float* memory)
    {
        AttentionScratch<TTile> scratch = new(memory, at.Seen, at.HeadDim);
        TiledRows<TTile>.Pack(Operand.RowMajor((float*)at.K, at.KvStride), at.Seen, at.HeadDim, scratch.KeysByKey);
        TiledRows<TTile>.Pack(Operand.Transposed((float*)at.V, at.KvStride), at.HeadDim, at.Seen, scratch.ValuesByHead);
        for (int head = 0; head < at.Queries; head++)
        {
            for (int first = 0; first < at.Length; first += Block)
            {
                int count = Math.Min(Block, at.Length - first), seen = at.SeenFrom(first + count - 1);
                nint offset = ((nint)first * at.QStride) + (head * at.HeadDim);
                float* logarithms = (float*)at.Logarithms + ((nint)head * at.LogarithmStride) + first;
                CopyRows((float*)at.Q + offset, at.QStride, count, at.HeadDim, scratch.Queries);
                TiledRows<TTile>.Multiply(scratch.Queries, at.HeadDim, 1, count, scratch.KeysByKey, seen, at.HeadDim, at.HeadDim, scratch.Scores, scratch.Stride, adds: false);
                for (int i = 0; i < count; i++) logarithms[i] = SoftmaxRows<T>.Forward(scratch.Scores + (i * scratch.Stride), at.SeenFrom(first + i), seen, at.Scale);
                TiledRows<TTile>.Multiply(scratch.Scores, scratch.Stride, 1, count, scratch.ValuesByHead, at.HeadDim, seen, at.Seen, (float*)at.Output + offset, at.QStride, adds: false);
            }
        }
    }

    /// <inheritdoc cref="TrainingKernels.AttendBackward"/>
    public static void Backward(in AttentionBlock at, float* memory)
    {
        AttentionScratch<TTile> scratch = new(memory, at.Seen, at.HeadDim);
        TiledRows<TTile>.Pack(Operand.RowMajor((float*)at.K, at.KvStride), at.Seen, at.HeadDim, scratch.KeysByKey);
        TiledRows<TTile>.Pack(Operand.RowMajor((float*)at.V, at.KvStride), at.Seen, at.HeadDim, scratch.ValuesByKey);
        TiledRows<TTile>.Pack(Operand.Transposed((float*)at.K, at.KvStride), at.HeadDim, at.Seen, scratch.KeysByHead);
        for (int row = at.Seen; row < at.Prefix + at.Length; row++)
        {
            new Span<float>((float*)at.KGradient + ((nint)row * at.KvStride), at.HeadDim).Clear();
            new Span<float>((float*)at.VGradient + ((nint)row * at.KvStride), at.HeadDim).Clear();
        }
        // The last block sees all keys, so that it is the one that writes their gradients and the others add.
        bool adds = false;
        for (int head = 0; head < at.Queries; head++)
        {
            for (int first = (at.Length - 1) / Block * Block; first >= 0; first -= Block)
            {
                BackwardBlock(at, scratch, head, first, adds);
                adds = true;
            }
        }
    }

    private static void BackwardBlock(in AttentionBlock at, in AttentionScratch<TTile> scratch, int head, int first, bool adds)
    {
        int count = Math.Min(Block, at.Length - first), seen = at.SeenFrom(first + count - 1), stride = scratch.Stride;
        nint offset = ((nint)first * at.QStride) + (head * at.HeadDim);
        float* q = (float*)at.Q + offset, slopes = (float*)at.OutputGradient + offset, scores = scratch.Scores, scoreSlopes = scratch.ScoreSlopes;
        float* logarithms = (float*)at.Logarithms + ((nint)head * at.LogarithmStride) + first;
        CopyRows(q, at.QStride, count, at.HeadDim, scratch.Queries);
        CopyRows(slopes, at.QStride, count, at.HeadDim, scratch.Slopes);
        TiledRows<TTile>.Pack(Operand.Transposed(scratch.Queries, at.HeadDim), at.HeadDim, count, scratch.QueriesByHead);
        TiledRows<TTile>.Pack(Operand.Transposed(scratch.Slopes, at.HeadDim), at.HeadDim, count, scratch.SlopesByHead);

        TiledRows<TTile>.Multiply(scratch.Queries, at.HeadDim, 1, count, scratch.KeysByKey, seen, at.HeadDim, at.HeadDim, scores, stride, adds: false);
        TiledRows<TTile>.Multiply(scratch.Slopes, at.HeadDim, 1, count, scratch.ValuesByKey, seen, at.HeadDim, at.HeadDim, scoreSlopes, stride, adds: false);
        for (int i = 0; i < count; i++)
        {
            int visible = at.SeenFrom(first + i);
            SoftmaxRows<T>.Again(scores + (i * stride), visible, seen, at.Scale, logarithms[i]);
            SoftmaxRows<T>.Backward(scores + (i * stride), scoreSlopes + (i * stride), visible, seen, at.Scale);
        }
        TiledRows<TTile>.Multiply(scores, 1, stride, seen, scratch.SlopesByHead, at.HeadDim, count, count, (float*)at.VGradient, at.KvStride, adds);
        TiledRows<TTile>.Multiply(scoreSlopes, 1, stride, seen, scratch.QueriesByHead, at.HeadDim, count, count, (float*)at.KGradient, at.KvStride, adds);
        TiledRows<TTile>.Multiply(scoreSlopes, stride, 1, count, scratch.KeysByHead, at.HeadDim, seen, at.Seen, (float*)at.QGradient + offset, at.QStride, adds: false);
    }

    private static void CopyRows(float* source, int stride, int rows, int width, float* target)
    {
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source + ((nint)row * stride), width).CopyTo(new Span<float>(target + (row * width), width));
    }
}
