using CsCheck;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Tests.Dense;

/// <summary>Every kernel that this processor runs against sums in float64.</summary>
public class GemmTests
{
    // Small shapes, and shapes on both sides of each width and height of a tile.
    private static readonly Gen<(int M, int N, int K)> s_shape = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[0, 90]);

    private static readonly Gen<(int M, int N, int K, int Stride, bool Accumulate, int Threads, int Seed)> s_case =
        from shape in s_shape
        from gap in Gen.Int[0, 3]
        from accumulate in Gen.Bool
        from threads in Gen.Int[1, 3]
        from seed in Gen.Int[0, int.MaxValue]
        select (shape.M, shape.N, shape.K, shape.N + gap, accumulate, threads, seed);

    [Fact]
    public void Every_kernel_multiplies_by_the_transposed_as_sums_in_float64_do() => s_case.Sample(one =>
    {
        (int m, int n, int k, int stride, bool accumulate, int threads, int seed) = one;
        float[] a = Matrices.Random(m * k, seed), b = Matrices.Random(n * k, seed + 1), start = Matrices.Random(m * stride, seed + 2);
        float[] expected = Matrices.Product(a, b, start, m, n, k, stride, accumulate, transposed: true);
        foreach (GemmKernel? kernel in Matrices.Kernels)
        {
            float[] c = (float[])start.Clone();
            Gemm.MultiplyTransposed(a, b, c, m, n, k, threads, accumulate, stride, kernel);
            Matrices.Near(expected, c, k);
        }
    }, iter: 300);

    [Fact]
    public void Every_kernel_multiplies_as_sums_in_float64_do() => s_case.Sample(one =>
    {
        (int m, int n, int k, int stride, bool accumulate, int threads, int seed) = one;
        float[] a = Matrices.Random(m * k, seed), b = Matrices.Random(n * k, seed + 1), start = Matrices.Random(m * stride, seed + 2);
        float[] expected = Matrices.Product(a, b, start, m, n, k, stride, accumulate, transposed: false);
        foreach (GemmKernel? kernel in Matrices.Kernels)
        {
            float[] c = (float[])start.Clone();
            Gemm.Multiply(a, b, c, m, n, k, threads, accumulate, stride, kernel);
            Matrices.Near(expected, c, k);
        }
    }, iter: 300);

    // One more than what is packed at once in each dimension: 2304 rows, 3072 columns, 640 inner elements.
    [Theory]
    [InlineData(2305, 33, 5)]
    [InlineData(5, 3073, 9)]
    [InlineData(13, 33, 641)]
    [InlineData(13, 33, 1300)]
    public void Shapes_beyond_one_block_are_put_together(int m, int n, int k)
    {
        float[] a = Matrices.Random(m * k, 1), b = Matrices.Random(n * k, 2), start = Matrices.Random(m * n, 3);
        float[] expected = Matrices.Product(a, b, start, m, n, k, n, accumulate: true, transposed: true);
        foreach (GemmKernel? kernel in Matrices.Kernels)
        {
            float[] c = (float[])start.Clone();
            Gemm.MultiplyTransposed(a, b, c, m, n, k, threads: 2, accumulate: true, kernel: kernel);
            Matrices.Near(expected, c, k);
        }
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        float[] a = Matrices.Random(100 * 200, 1), b = Matrices.Random(300 * 200, 2);
        foreach (GemmKernel? kernel in Matrices.Kernels)
        {
            float[] one = new float[100 * 300], four = new float[100 * 300];
            Gemm.MultiplyTransposed(a, b, one, 100, 300, 200, threads: 1, kernel: kernel);
            Gemm.MultiplyTransposed(a, b, four, 100, 300, 200, threads: 4, kernel: kernel);
            Assert.Equal(one, four);
        }
    }

    [Fact]
    public void Lengths_that_do_not_belong_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyTransposed(new float[5], new float[6], new float[4], 2, 2, 3, 1));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyTransposed(new float[6], new float[5], new float[4], 2, 2, 3, 1));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyTransposed(new float[6], new float[6], new float[3], 2, 2, 3, 1));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyTransposed(new float[6], new float[6], new float[4], 2, 2, 3, 1, stride: 1));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyTransposed(new float[6], new float[6], new float[4], -2, 2, 3, 1));
    }
}
