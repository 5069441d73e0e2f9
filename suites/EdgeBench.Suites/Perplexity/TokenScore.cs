using System.Numerics.Tensors;

namespace EdgeBench.Suites.Perplexity;

/// <summary>
/// Scores of one position from raw logits, in double precision throughout: with m the maximum, log p(i) = x(i) - m - log Σ exp(x(j) - m).
/// Works in blocks that stay in the first-level cache and allocates nothing after construction. Not thread-safe.
/// </summary>
internal sealed class TokenScore
{
    private const int Block = 1024;

    private readonly double[] _probabilities = new double[Block], _reference = new double[Block], _artifact = new double[Block];

    /// <summary>log Σ exp(logits): subtracted from a logit it gives that token's log probability.</summary>
    public double LogPartition(ReadOnlySpan<float> logits)
    {
        double max = TensorPrimitives.Max(logits), sum = 0;
        for (int at = 0; at < logits.Length; at += Block)
        {
            ReadOnlySpan<float> part = logits[at..Math.Min(at + Block, logits.Length)];
            sum += TensorPrimitives.Sum<double>(Exponentials(part, max, _probabilities));
        }
        return max + Math.Log(sum);
    }

    /// <summary>
    /// KL(reference || artifact) in nats over the vocabulary: Σ p(r - a) + log Z(artifact) - log Z(reference), with p = exp(r - log Z(reference))
    /// and raw logits r, a. Rounding below zero is cut, because no divergence is negative.
    /// </summary>
    public double Divergence(ReadOnlySpan<float> reference, double referencePartition, ReadOnlySpan<float> artifact, double artifactPartition)
    {
        double sum = 0;
        for (int at = 0; at < reference.Length; at += Block)
        {
            int end = Math.Min(at + Block, reference.Length);
            Span<double> probabilities = Exponentials(reference[at..end], referencePartition, _probabilities);
            Span<double> r = Widened(reference[at..end], _reference), a = Widened(artifact[at..end], _artifact);
            TensorPrimitives.Subtract(r, a, r);
            sum += TensorPrimitives.Dot<double>(probabilities, r);
        }
        double divergence = sum + artifactPartition - referencePartition;
        return divergence < 0 ? 0 : divergence;
    }

    /// <summary>The first index of the largest logit.</summary>
    public static int Best(ReadOnlySpan<float> logits) => TensorPrimitives.IndexOfMax(logits);

    private static Span<double> Exponentials(ReadOnlySpan<float> logits, double shift, double[] into)
    {
        Span<double> values = Widened(logits, into);
        TensorPrimitives.Subtract(values, shift, values);
        TensorPrimitives.Exp(values, values);
        return values;
    }

    private static Span<double> Widened(ReadOnlySpan<float> logits, double[] into)
    {
        Span<double> values = into.AsSpan(0, logits.Length);
        TensorPrimitives.ConvertTruncating(logits, values);
        return values;
    }
}
