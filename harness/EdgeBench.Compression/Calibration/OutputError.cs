using System.Numerics.Tensors;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Compression.Calibration;

/// <summary>Squared errors of a layer's outputs from the Gram matrix of its inputs: ‖XDᵀ‖² = tr(D G Dᵀ).</summary>
internal sealed class OutputError(SiteStatistics statistics, int threads)
{
    private readonly float[] _gram = Narrow(statistics.Gram);

    /// <param name="difference">D [rows, width].</param>
    public double Of(ReadOnlySpan<float> difference)
    {
        const int Part = 256;
        int width = statistics.Width, rows = difference.Length / width;
        float[] product = new float[Math.Min(Part, rows) * width];
        double sum = 0;
        for (int first = 0; first < rows; first += Part)
        {
            int count = Math.Min(Part, rows - first);
            ReadOnlySpan<float> part = difference.Slice(first * width, count * width);
            // The Gram matrix is its own transpose.
            Gemm.MultiplyTransposed(part, _gram, product.AsSpan(0, count * width), count, width, width, threads);
            for (int row = 0; row < count; row++) sum += TensorPrimitives.Dot(part.Slice(row * width, width), product.AsSpan(row * width, width));
        }
        // Rounding may leave a tiny negative number where D is next to nothing.
        return Math.Max(sum, 0);
    }

    /// <summary>‖X(Ŵ - W)ᵀ‖ / ‖XWᵀ‖; 0 where both are nothing.</summary>
    public double Relative(ReadOnlySpan<float> weights, ReadOnlySpan<float> changed)
    {
        float[] difference = new float[weights.Length];
        TensorPrimitives.Subtract(changed, weights, difference);
        double error = Of(difference), all = Of(weights);
        return error == 0 ? 0 : Math.Sqrt(error / all);
    }

    private static float[] Narrow(double[] gram) => Array.ConvertAll(gram, value => (float)value);
}
