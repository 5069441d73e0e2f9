using System.Numerics.Tensors;

namespace EdgeBench.Compression.SmoothQuant;

/// <summary>
/// SmoothQuant (Xiao et al., arXiv 2211.10438, equation 4): inputs are divided by max|x|^α / max|w|^(1-α), so that part of what makes them hard to
/// quantise moves into the weights.
/// </summary>
internal static class SmoothScales
{
    private const float Least = 1e-5f;

    /// <param name="largestInput">Largest magnitude of each column of the site's input.</param>
    /// <param name="matrices">Weights [rows, columns] that read the site.</param>
    public static float[] Of(ReadOnlySpan<float> largestInput, IEnumerable<float[]> matrices, double alpha)
    {
        int columns = largestInput.Length;
        float[] largest = new float[columns], magnitudes = new float[columns];
        foreach (float[] weights in matrices)
        {
            for (int at = 0; at < weights.Length; at += columns)
            {
                TensorPrimitives.Abs(weights.AsSpan(at, columns), magnitudes);
                TensorPrimitives.Max(largest, magnitudes, largest);
            }
        }
        float[] scales = new float[columns];
        for (int i = 0; i < columns; i++)
        {
            double scale = Math.Pow(Math.Max(largestInput[i], Least), alpha) / Math.Pow(Math.Max(largest[i], Least), 1 - alpha);
            scales[i] = Math.Max((float)scale, Least);
        }
        return scales;
    }
}
