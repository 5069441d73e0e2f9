using System.Numerics.Tensors;

namespace EdgeBench.Kernels.Dense;

/// <summary>Scaled dot-product attention of one kind of layer.</summary>
/// <param name="Heads">Query heads; head n reads key/value head n / (Heads / KvHeads).</param>
/// <param name="Scale">Scores are multiplied by it.</param>
/// <param name="Softcap">Scores become cap · tanh(score / cap); 0 for none.</param>
/// <param name="Window">Keys that a query sees, its own included; 0 for all.</param>
/// <param name="Causal">A query sees no later key.</param>
public sealed record AttentionKind(int Heads, int KvHeads, int HeadDim, float Scale, float Softcap, int Window, bool Causal);

/// <summary>Rows of heads in memory: row i starts at element <c>Offset + i · Stride</c> and holds the heads one after another.</summary>
public readonly record struct HeadRows(float[] Values, int Offset, int Stride);

/// <summary>
/// softmax(scale · Q Kᵀ) V for each head. Scores of at most <see cref="QueryBlock"/> queries of a head are in memory for each thread; keys that no query
/// of a block sees are not computed.
/// </summary>
public static unsafe class Attention
{
    /// <summary>Queries whose scores are in memory at once.</summary>
    public const int QueryBlock = 64;

    /// <summary>
    /// Queries <paramref name="firstPosition"/> + i, i below <paramref name="queries"/>, over keys 0 to <paramref name="keys"/> - 1 of each of
    /// <paramref name="sequences"/>, whose rows follow one another in all matrices.
    /// </summary>
    public static void Run(AttentionKind kind, HeadRows q, HeadRows k, HeadRows v, HeadRows output, int sequences, int queries, int keys, int firstPosition, int threads)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (kind.Causal && keys < firstPosition + queries) throw new ArgumentException($"{keys} keys for queries up to position {firstPosition + queries - 1}.", nameof(keys));
        int width = kind.Heads * kind.HeadDim, kvWidth = kind.KvHeads * kind.HeadDim;
        Check(q, sequences * queries, width, nameof(q));
        Check(k, sequences * keys, kvWidth, nameof(k));
        Check(v, sequences * keys, kvWidth, nameof(v));
        Check(output, sequences * queries, width, nameof(output));
        int blocks = (queries + QueryBlock - 1) / QueryBlock;
        Team.Run(threads, sequences * kind.Heads * blocks, item =>
        {
            // The last blocks see most keys: they come first, so that the threads end together.
            int block = blocks - 1 - (item / (sequences * kind.Heads)), rest = item % (sequences * kind.Heads);
            int sequence = rest / kind.Heads, head = rest % kind.Heads, kvHead = head / (kind.Heads / kind.KvHeads);
            int first = block * QueryBlock, count = Math.Min(QueryBlock, queries - first);
            nint row = ((nint)sequence * queries) + first, keyRow = (nint)sequence * keys;
            fixed (float* pq = q.Values, pk = k.Values, pv = v.Values, po = output.Values)
            {
                One(kind, pq + q.Offset + (row * q.Stride) + (head * kind.HeadDim), q.Stride, pk + k.Offset + (keyRow * k.Stride) + (kvHead * kind.HeadDim), k.Stride,
                    pv + v.Offset + (keyRow * v.Stride) + (kvHead * kind.HeadDim), v.Stride, po + output.Offset + (row * output.Stride) + (head * kind.HeadDim), output.Stride,
                    count, keys, firstPosition + first);
            }
        });
    }

    private static void Check(HeadRows rows, int count, int width, string name)
    {
        if (rows.Stride < width || rows.Offset < 0 || (count > 0 && rows.Values.Length < rows.Offset + ((long)(count - 1) * rows.Stride) + width))
            throw new ArgumentException($"{rows.Values.Length} elements for {count} rows of {width}, {rows.Stride} apart from {rows.Offset} on.", name);
    }

    private static void One(AttentionKind kind, float* q, int qStride, float* k, int kStride, float* v, int vStride, float* output, int outputStride, int count, int keys, int position)
    {
        int end = kind.Causal ? Math.Min(keys, position + count) : keys;
        int start = kind.Window > 0 && kind.Causal ? Math.Max(0, position - kind.Window + 1) : 0, width = end - start;
        using Workspace scores = new((long)count * width);
        Gemm.Run(new(Operand.RowMajor(q, qStride), Operand.RowMajor(k + ((nint)start * kStride), kStride), (nint)scores.Data, width, count, width, kind.HeadDim, false, 1));
        for (int i = 0; i < count; i++)
        {
            Span<float> row = new(scores.Data + ((nint)i * width), width);
            int last = kind.Causal ? Math.Min(end, position + i + 1) - start : width;
            int first = kind.Window > 0 && kind.Causal ? Math.Max(0, position + i - kind.Window + 1 - start) : 0;
            Span<float> seen = row[first..last];
            TensorPrimitives.Multiply(seen, kind.Scale, seen);
            if (kind.Softcap > 0) Cap(seen, kind.Softcap);
            Softmax.Apply(seen);
            row[..first].Clear();
            row[last..].Clear();
        }
        Gemm.Run(new(Operand.RowMajor(scores.Data, width), Operand.Transposed(v + ((nint)start * vStride), vStride), (nint)output, outputStride, count, kind.HeadDim, width, false, 1));
    }

    /// <summary>cap · tanh(x / cap), in place.</summary>
    public static void Cap(Span<float> values, float cap)
    {
        TensorPrimitives.Divide(values, cap, values);
        TensorPrimitives.Tanh(values, values);
        TensorPrimitives.Multiply(values, cap, values);
    }
}
