using System.Numerics.Tensors;

namespace EdgeBench.Compression.Quantising;

/// <summary>‖Ŵ - W‖ / ‖W‖ (Frobenius); 0 where both are nothing.</summary>
internal static class WeightError
{
    public static double Of(ReadOnlySpan<float> weights, ReadOnlySpan<float> changed)
    {
        double distance = TensorPrimitives.Distance(weights, changed);
        return distance == 0 ? 0 : distance / TensorPrimitives.Norm(weights);
    }
}
