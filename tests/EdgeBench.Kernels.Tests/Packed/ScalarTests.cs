using EdgeBench.Kernels.Packed;

namespace EdgeBench.Kernels.Tests.Packed;

/// <summary>The specification of packed products against dequantised weights in double precision.</summary>
public class ScalarTests
{
    private static readonly KernelSet s_scalar = KernelSets.All[^1];

    public static TheoryData<string> Formats => [.. PackedMatrix.Formats];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Products_are_those_of_the_dequantised_weights_and_activations(string format)
    {
        const int Rows = 37, Count = 3;
        int columns = Math.Max(Samples.Step(format) * 3, 96);
        byte[] weights = Samples.Weights(format, Rows, columns, 1);
        using PackedMatrix matrix = PackedMatrix.Pack(format, weights, Rows, columns);
        float[] x = Samples.Activations(Count, columns, 2);
        using PackedRows rows = Samples.Pack(x, Count, columns, matrix);
        float[] y = Samples.Multiply(matrix, rows, Count, s_scalar, 0, matrix.Groups);
        float[] w = Samples.Dequantised(format, weights, Rows, columns), a = Samples.Blocks(format) is null ? x : Rounded(x);
        for (int i = 0; i < Count; i++)
        {
            for (int r = 0; r < Rows; r++) Assert.Equal(Exact(w, a, r, i, columns, out double bound), y[(i * (Rows + Samples.Guard)) + r], bound);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Accumulating_starts_from_what_is_there(string format)
    {
        int columns = Samples.Step(format);
        using PackedMatrix matrix = PackedMatrix.Pack(format, Samples.Weights(format, 3, columns, 1), 3, columns);
        using PackedRows rows = Samples.Pack(Samples.Activations(2, columns, 2), 2, columns, matrix);
        float[] plain = Samples.Multiply(matrix, rows, 2, s_scalar, 0, 1), added = Samples.Multiply(matrix, rows, 2, s_scalar, 0, 1, accumulate: true, guard: 100);
        for (int i = 0; i < 2; i++)
        {
            for (int r = 0; r < 3; r++) Assert.Equal(plain[(i * 8) + r] + 100, added[(i * 8) + r], 1e-3f);
        }
    }

    [Fact]
    public void Matrices_packed_below_each_other_give_their_products_and_rows_between_give_zeros()
    {
        byte[] upper = Samples.Weights("Q4_K", 20, 256, 1), lower = Samples.Weights("Q4_K", 17, 256, 2);
        using PackedMatrix both = new("Q4_K", 49, 256), one = PackedMatrix.Pack("Q4_K", upper, 20, 256), two = PackedMatrix.Pack("Q4_K", lower, 17, 256);
        both.Pack(lower, 32, 17);
        both.Pack(upper, 0, 20);
        using PackedRows rows = Samples.Pack(Samples.Activations(1, 256, 3), 1, 256, both);
        float[] y = Samples.Multiply(both, rows, 1, s_scalar, 0, both.Groups);
        Assert.Equal(Samples.Multiply(one, rows, 1, s_scalar, 0, one.Groups)[..20], y[..20]);
        Assert.All(y[20..32], value => Assert.Equal(0, value));
        Assert.Equal(Samples.Multiply(two, rows, 1, s_scalar, 0, two.Groups)[..17], y[32..49]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Memory_is_that_of_the_file_but_for_padding(string format)
    {
        using PackedMatrix matrix = new(format, 64, 2048);
        int file = Samples.Weights(format, 64, 2048, 1).Length;
        Assert.InRange(matrix.Bytes, file, file * 1.03);
        Assert.Equal(matrix.Bytes, PackedMatrix.BytesOf(format, 64, 2048));
    }

    // Higham, Accuracy and Stability of Numerical Algorithms, 2002, §3.1: n roundings are off by at most γₙ = n u / (1 - n u) of the sum of magnitudes;
    // three for each column cover the products with scales.
    private static double Exact(float[] w, float[] x, int row, int i, int columns, out double bound)
    {
        (double sum, double magnitudes) = (0, 0);
        for (int k = 0; k < columns; k++)
        {
            double term = (double)w[(row * columns) + k] * x[(i * columns) + k];
            sum += term;
            magnitudes += Math.Abs(term);
        }
        double n = 3 * columns * Math.Pow(2, -24);
        // A minimum and its levels may cancel to a small weight: each of them is at most as large as 2 levels' worth of 15 scales.
        bound = (n / (1 - n) * magnitudes) + 1e-4;
        return sum;
    }

    /// <summary>Activations as their levels say.</summary>
    private static float[] Rounded(float[] x)
    {
        float[] rounded = new float[x.Length];
        for (int start = 0; start < x.Length; start += 32)
        {
            float largest = x.Skip(start).Take(32).Max(MathF.Abs), inverse = 127 / largest;
            for (int k = start; k < start + 32; k++) rounded[k] = MathF.Round(x[k] * inverse, MidpointRounding.ToEven) * (largest / 127);
        }
        return rounded;
    }
}
