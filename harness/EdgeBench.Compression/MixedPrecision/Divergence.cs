using System.Numerics.Tensors;

namespace EdgeBench.Compression.MixedPrecision;

/// <summary>KL(p ‖ q) in nats of two distributions given as logits.</summary>
internal static class Divergence
{
    // Logits whose exponentials are added up in float32 before float64 takes over.
    private const int Part = 1024;

    public static double Of(ReadOnlySpan<float> p, ReadOnlySpan<float> q)
    {
        float largestP = TensorPrimitives.Max(p), largestQ = TensorPrimitives.Max(q);
        Span<float> exponential = stackalloc float[Part], difference = stackalloc float[Part];
        (double sumP, double sumQ, double dot) = (0, 0, 0);
        for (int start = 0; start < p.Length; start += Part)
        {
            int count = Math.Min(Part, p.Length - start);
            Span<float> e = exponential[..count], d = difference[..count];
            TensorPrimitives.Subtract(q.Slice(start, count), largestQ, d);
            TensorPrimitives.Exp(d, e);
            sumQ += TensorPrimitives.Sum<float>(e);
            TensorPrimitives.Subtract(p.Slice(start, count), largestP, e);
            // ln p - ln q, less the constants.
            TensorPrimitives.Subtract(e, d, d);
            TensorPrimitives.Exp(e, e);
            sumP += TensorPrimitives.Sum<float>(e);
            dot += TensorPrimitives.Dot<float>(e, d);
        }
        return (dot / sumP) - Math.Log(sumP) + Math.Log(sumQ);
    }
}
