using System.Numerics.Tensors;

namespace EdgeBench.Compression.Awq;

/// <summary>A factor for each column of the matrices of a site: weights are multiplied by it, what they read is divided by it.</summary>
public static class ColumnScales
{
    /// <summary>mean|x|^<paramref name="power"/>, with geometric middle 1 between least and greatest (AWQ's own normalisation).</summary>
    public static float[] Of(ReadOnlySpan<float> meanMagnitude, double power)
    {
        // A column that is always zero says nothing; AWQ's code bounds scales below too.
        const float Least = 1e-4f;
        float[] scales = new float[meanMagnitude.Length];
        for (int i = 0; i < scales.Length; i++) scales[i] = Math.Max((float)Math.Pow(meanMagnitude[i], power), Least);
        float middle = MathF.Sqrt(TensorPrimitives.Max<float>(scales) * TensorPrimitives.Min<float>(scales));
        TensorPrimitives.Divide(scales, middle, scales);
        return scales;
    }

    /// <summary>Multiplies each row of [rows, columns] by the scales, element by element.</summary>
    public static float[] Multiply(ReadOnlySpan<float> weights, ReadOnlySpan<float> scales)
    {
        float[] result = new float[weights.Length];
        for (int at = 0; at < weights.Length; at += scales.Length) TensorPrimitives.Multiply(weights.Slice(at, scales.Length), scales, result.AsSpan(at, scales.Length));
        return result;
    }

    /// <summary>Divides each row of [rows, columns] by the scales, in place.</summary>
    public static void Divide(Span<float> weights, ReadOnlySpan<float> scales)
    {
        for (int at = 0; at < weights.Length; at += scales.Length) TensorPrimitives.Divide(weights.Slice(at, scales.Length), scales, weights.Slice(at, scales.Length));
    }
}
