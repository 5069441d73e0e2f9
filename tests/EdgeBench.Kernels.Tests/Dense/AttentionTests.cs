using CsCheck;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Tests.Dense;

/// <summary>Attention against its definition in float64.</summary>
public class AttentionTests
{
    private static readonly Gen<(AttentionKind Kind, int Sequences, int Queries, int Past, int Gap, int Threads, int Seed)> s_case =
        from kvHeads in Gen.Int[1, 3]
        from queriesPerKey in Gen.Int[1, 3]
        from head in Gen.Int[1, 20]
        from cap in Gen.Int[0, 1].Select(i => 2f * i)
        from window in Gen.OneOf(Gen.Const(0), Gen.Int[1, 6], Gen.Const(70))
        from causal in Gen.Bool
        from sequences in Gen.Int[1, 2]
        from queries in Gen.Int[1, 90]
        from past in Gen.Int[0, 30]
        from gap in Gen.Int[0, 4]
        from threads in Gen.Int[1, 2]
        from seed in Gen.Int[0, 1 << 30]
        select (new AttentionKind(kvHeads * queriesPerKey, kvHeads, head, 1.7f, cap, causal ? window : 0, causal), sequences, queries, past, gap, threads, seed);

    [Fact]
    public void Every_query_sees_its_keys_and_no_others() => s_case.Sample(one =>
    {
        (AttentionKind kind, int sequences, int queries, int past, int gap, int threads, int seed) = one;
        int width = kind.Heads * kind.HeadDim, kvWidth = kind.KvHeads * kind.HeadDim, keys = past + queries;
        HeadRows q = Rows(sequences * queries, width, gap, seed), k = Rows(sequences * keys, kvWidth, gap, seed + 1), v = Rows(sequences * keys, kvWidth, gap, seed + 2);
        HeadRows output = Rows(sequences * queries, width, gap, seed + 3);
        float[] expected = Expected(kind, q, k, v, output, sequences, queries, keys, past);
        Attention.Run(kind, q, k, v, output, sequences, queries, keys, past, threads);
        Matrices.Near(expected, output.Values, 100);
    }, iter: 150);

    [Fact]
    public void Rows_that_are_too_short_are_refused()
    {
        AttentionKind kind = new(2, 1, 4, 1, 0, 0, true);
        HeadRows q = new(new float[24], 0, 8), k = new(new float[12], 0, 4);
        Attention.Run(kind, q, k, k, q, 1, 3, 3, 0, 1);
        Assert.Throws<ArgumentException>(() => Attention.Run(kind, q, k with { Offset = 1 }, k, q, 1, 3, 3, 0, 1));
        Assert.Throws<ArgumentException>(() => Attention.Run(kind, q, k, k with { Stride = 3 }, q, 1, 3, 3, 0, 1));
        Assert.Throws<ArgumentException>(() => Attention.Run(kind, q, k, k, q, 1, 3, 3, 1, 1));
    }

    private static HeadRows Rows(int count, int width, int gap, int seed) => new(Matrices.Random(gap + (count * (width + gap)), seed), gap, width + gap);

    private static float[] Expected(AttentionKind kind, HeadRows q, HeadRows k, HeadRows v, HeadRows output, int sequences, int queries, int keys, int past)
    {
        float[] result = (float[])output.Values.Clone();
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            for (int head = 0; head < kind.Heads; head++)
            {
                for (int i = 0; i < queries; i++)
                {
                    int kvHead = head * kind.KvHeads / kind.Heads, position = past + i;
                    int first = kind.Window > 0 ? Math.Max(0, position - kind.Window + 1) : 0, last = kind.Causal ? position : keys - 1;
                    double[] scores = [.. Enumerable.Range(first, last - first + 1).Select(key =>
                    {
                        double score = Enumerable.Range(0, kind.HeadDim).Sum(d => (double)At(q, (sequence * queries) + i, (head * kind.HeadDim) + d)
                            * At(k, (sequence * keys) + key, (kvHead * kind.HeadDim) + d)) * kind.Scale;
                        return Math.Exp(kind.Softcap > 0 ? kind.Softcap * Math.Tanh(score / kind.Softcap) : score);
                    })];
                    double sum = scores.Sum();
                    for (int d = 0; d < kind.HeadDim; d++)
                    {
                        result[output.Offset + (((sequence * queries) + i) * output.Stride) + (head * kind.HeadDim) + d] =
                            (float)scores.Select((score, at) => score / sum * At(v, (sequence * keys) + first + at, (kvHead * kind.HeadDim) + d)).Sum();
                    }
                }
            }
        }
        return result;
    }

    private static float At(HeadRows rows, int row, int element) => rows.Values[rows.Offset + (row * rows.Stride) + element];
}
