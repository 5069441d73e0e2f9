using CsCheck;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Tests.Dense;

public class GramTests
{
    [Fact]
    public void Every_kernel_adds_the_lower_triangle_that_sums_in_float64_give_and_nothing_above_it() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 100], Gen.Int[1, 3], Gen.Int[0, 1 << 30]).Sample((rows, width, threads, seed) => Check(rows, width, threads, seed), iter: 200);

    [Theory]
    [InlineData(Gram.BatchRows)]
    [InlineData(Gram.BatchRows + 1)]
    [InlineData((2 * Gram.BatchRows) + 77)]
    public void Batches_of_rows_are_put_together(int rows) => Check(rows, 70, 2, 1);

    [Fact]
    public void Mirroring_makes_it_symmetric()
    {
        double[] h = new double[67 * 67];
        Gram.AddLower(Matrices.Random(20 * 67, 1), 20, 67, h, 1);
        Gram.Mirror(h, 67);
        for (int i = 0; i < 67; i++)
        {
            for (int j = 0; j < 67; j++) Assert.Equal(h[(i * 67) + j], h[(j * 67) + i]);
        }
        Assert.NotEqual(0, h[66]);
    }

    [Fact]
    public void Lengths_that_do_not_belong_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Gram.AddLower(new float[7], 2, 4, new double[16], 1));
        Assert.Throws<ArgumentException>(() => Gram.AddLower(new float[8], 2, 4, new double[15], 1));
    }

    private static void Check(int rows, int width, int threads, int seed)
    {
        float[] x = Matrices.Random(rows * width, seed);
        double[] start = [.. Enumerable.Range(0, width * width).Select(i => (double)i)];
        foreach (GemmKernel? kernel in Matrices.Kernels)
        {
            double[] h = (double[])start.Clone();
            Gram.AddLower(x, rows, width, h, threads, kernel);
            for (int i = 0; i < width; i++)
            {
                for (int j = 0; j < width; j++)
                {
                    double sum = 0;
                    for (int row = 0; j <= i && row < rows; row++) sum += (double)x[(row * width) + i] * x[(row * width) + j];
                    Assert.Equal(start[(i * width) + j] + sum, h[(i * width) + j], Matrices.Rounding(sum, rows));
                }
            }
        }
    }
}
