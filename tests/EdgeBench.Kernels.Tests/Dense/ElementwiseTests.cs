using CsCheck;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Tests.Dense;

/// <summary>Norms, activations and softmax at every length against their formulas in float64.</summary>
public class ElementwiseTests
{
    private static readonly Gen<(int Rows, int Width, int Seed)> s_case = Gen.Select(Gen.Int[1, 3], Gen.Int[1, 256], Gen.Int[0, 1 << 30]);

    [Fact]
    public void Rms_norm_has_eps_inside_of_the_root() => s_case.Sample((rows, width, seed) =>
    {
        float[] x = Matrices.Random(rows * width, seed), gain = Matrices.Random(width, seed + 1);
        for (int i = 0; i < width; i++) x[i] *= 1e-3f;
        float[] expected = Rows(x, width, row =>
        {
            double scale = 1 / Math.Sqrt((row.Sum(v => (double)v * v) / width) + 1e-5);
            return row.Select((v, i) => v * scale * gain[i]);
        });
        float[] actual = new float[x.Length];
        Norms.Rms(x, gain, 1e-5, actual);
        Matrices.Near(expected, actual, 20);
        Norms.Rms(x, gain, 1e-5, x);
        Assert.Equal(actual, x);
    }, iter: 200);

    [Fact]
    public void Layer_norm_has_the_biased_variance() => s_case.Sample((rows, width, seed) =>
    {
        float[] x = Matrices.Random(rows * width, seed), gain = Matrices.Random(width, seed + 1), bias = Matrices.Random(width, seed + 2);
        float[] expected = Rows(x, width, row =>
        {
            double mean = row.Average(v => (double)v), scale = 1 / Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + 1e-3);
            return row.Select((v, i) => ((v - mean) * scale * gain[i]) + bias[i]);
        });
        Norms.Layer(x, gain, bias, 1e-3, x);
        Matrices.Near(expected, x, 60);
    }, iter: 200);

    [Fact]
    public void Activations_follow_their_formulas() => s_case.Sample((_, width, seed) =>
    {
        float[] gate = Scaled(Matrices.Random(width, seed), 8), up = Matrices.Random(width, seed + 1), actual = new float[width];
        Activations.SwiGlu(gate, up, actual);
        Near(gate.Select((z, i) => z / (1 + Math.Exp(-z)) * up[i]), actual);
        Activations.GeGlu(gate, up, actual);
        Near(gate.Select((z, i) => z / 2.0 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z)))) * up[i]), actual);
    }, iter: 200);

    // Φ(z) to ten digits: NIST, Digital Library of Mathematical Functions, 7.1.2 with tables of erf.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.345731230630)]
    [InlineData(1, 0.841344746069)]
    [InlineData(-1, -0.158655253931)]
    [InlineData(2, 1.954499736104)]
    [InlineData(-2, -0.045500263896)]
    [InlineData(3, 2.995950305910)]
    [InlineData(-3, -0.004049694090)]
    [InlineData(40, 40)]
    [InlineData(-40, 0)]
    public void Gelu_is_z_times_the_normal_distribution(float z, double expected)
    {
        for (int length = 1; length < 40; length++)
        {
            float[] values = [.. Enumerable.Repeat(z, length)];
            Activations.Gelu(values);
            Assert.All(values, value => Assert.Equal(expected, value, 1e-6 * Math.Max(1, Math.Abs(expected))));
        }
    }

    [Fact]
    public void Softmax_sums_to_one_and_survives_large_scores() => s_case.Sample((_, width, seed) =>
    {
        float[] x = Scaled(Matrices.Random(width, seed), 1000);
        double largest = x.Max(), sum = x.Sum(v => Math.Exp(v - largest));
        float[] expected = [.. x.Select(v => (float)(Math.Exp(v - largest) / sum))];
        Softmax.Apply(x);
        Matrices.Near(expected, x, 40);
        Assert.Equal(1, x.Sum(v => (double)v), 1e-5);
    }, iter: 200);

    [Fact]
    public void Lengths_that_do_not_belong_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Norms.Rms(new float[7], new float[3], 0, new float[7]));
        Assert.Throws<ArgumentException>(() => Norms.Rms(new float[6], new float[3], 0, new float[5]));
        Assert.Throws<ArgumentException>(() => Norms.Layer(new float[6], new float[3], new float[2], 0, new float[6]));
    }

    private static float[] Rows(float[] x, int width, Func<float[], IEnumerable<double>> row) => [.. x.Chunk(width).SelectMany(row).Select(value => (float)value)];

    private static float[] Scaled(float[] values, float by) => Array.ConvertAll(values, value => value * by);

    private static void Near(IEnumerable<double> expected, float[] actual) => Matrices.Near([.. expected.Select(value => (float)value)], actual, 20);
}
