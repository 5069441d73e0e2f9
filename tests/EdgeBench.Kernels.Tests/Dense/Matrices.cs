using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Tests.Dense;

/// <summary>Random matrices and products in float64.</summary>
internal static class Matrices
{
    /// <summary>Every kernel of this processor, and null: what a caller gets who names none.</summary>
    public static IEnumerable<GemmKernel?> Kernels => Gemm.Kernels.Where(kernel => kernel.IsSupported).Append(null);

    public static float[] Random(int length, int seed)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (2 * random.NextSingle()) - 1;
        return values;
    }

    public static float[] Product(float[] a, float[] b, float[] start, int m, int n, int k, int stride, bool accumulate, bool transposed)
    {
        float[] c = (float[])start.Clone();
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = accumulate ? c[(i * stride) + j] : 0;
                for (int p = 0; p < k; p++) sum += (double)a[(i * k) + p] * (transposed ? b[(j * k) + p] : b[(p * n) + j]);
                c[(i * stride) + j] = (float)sum;
            }
        }
        return c;
    }

    /// <summary>
    /// What float32 sums of <paramref name="terms"/> products of numbers in [-1, 1] may be off: a unit in the last place of the largest partial sum for
    /// each term, with errors that add up as a random walk does.
    /// </summary>
    public static double Rounding(double sum, int terms) => 1e-6 + (1.2e-7 * Math.Sqrt(terms) * (Math.Sqrt(terms) + Math.Abs(sum)));

    /// <summary>Within <see cref="Rounding"/>; what lies between rows is as exact.</summary>
    public static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int terms)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs((double)expected[i] - actual[i]) <= Rounding(expected[i], terms), $"Element {i}: {actual[i]} instead of {expected[i]}.");
    }
}
