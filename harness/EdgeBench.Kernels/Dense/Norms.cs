using System.Numerics.Tensors;

namespace EdgeBench.Kernels.Dense;

/// <summary>Norms of each row of a row-major matrix; <c>gain</c> and <c>bias</c> have the length of a row. Source and target may be the same.</summary>
public static class Norms
{
    /// <summary>x / sqrt(mean(x²) + eps) · gain. Source: B. Zhang, R. Sennrich, "Root Mean Square Layer Normalization", 2019.</summary>
    public static void Rms(ReadOnlySpan<float> source, ReadOnlySpan<float> gain, double epsilon, Span<float> target)
    {
        int width = Width(source, gain, target);
        for (int at = 0; at < source.Length; at += width)
        {
            ReadOnlySpan<float> row = source.Slice(at, width);
            Span<float> into = target.Slice(at, width);
            float scale = (float)(1 / Math.Sqrt((TensorPrimitives.SumOfSquares(row) / (double)width) + epsilon));
            TensorPrimitives.Multiply(row, scale, into);
            TensorPrimitives.Multiply(into, gain, into);
        }
    }

    /// <summary>(x - mean) / sqrt(variance + eps) · gain + bias, variance over all elements. Source: J. Ba et al., "Layer Normalization", 2016.</summary>
    public static void Layer(ReadOnlySpan<float> source, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, double epsilon, Span<float> target)
    {
        int width = Width(source, gain, target);
        if (bias.Length != width) throw new ArgumentException($"{bias.Length} elements for rows of {width}.", nameof(bias));
        for (int at = 0; at < source.Length; at += width)
        {
            ReadOnlySpan<float> row = source.Slice(at, width);
            Span<float> into = target.Slice(at, width);
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum(row) / width, into);
            float scale = (float)(1 / Math.Sqrt((TensorPrimitives.SumOfSquares(into) / (double)width) + epsilon));
            TensorPrimitives.Multiply(into, scale, into);
            TensorPrimitives.MultiplyAdd(into, gain, bias, into);
        }
    }

    private static int Width(ReadOnlySpan<float> source, ReadOnlySpan<float> gain, Span<float> target)
    {
        if (gain.Length == 0 || source.Length % gain.Length != 0) throw new ArgumentException($"{source.Length} elements do not divide into rows of {gain.Length}.", nameof(gain));
        if (target.Length < source.Length) throw new ArgumentException($"{target.Length} elements for {source.Length}.", nameof(target));
        return gain.Length;
    }
}
