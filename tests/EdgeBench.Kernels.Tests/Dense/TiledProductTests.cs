using CsCheck;
using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Tests.Dense;

/// <summary>Products in pieces against sums in float64: every order of both factors, float16, and what sums start from.</summary>
public unsafe class TiledProductTests
{
    private static readonly Gen<(int M, int N, int K, bool InnerA, bool InnerB, bool Half, int Seeded, int Seed)> s_case =
        Gen.Select(Gen.Select(Gen.Int[1, 60], Gen.Int[1, 80], Gen.Int[0, 300]), Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 1 << 30])
            .Select(one => (one.Item1.Item1, one.Item1.Item2, one.Item1.Item3, one.Item2, one.Item3, one.Item4, one.Item5, one.Item6));

    [Fact]
    public void Every_kernel_multiplies_as_sums_in_float64_do() => s_case.Sample(one => Check(one.M, one.N, one.K, one.InnerA, one.InnerB, one.Half, one.Seeded, one.Seed), iter: 400);

    // More than one block of each dimension, rows that share their places in a cache, edges of factors that are not packed, and two that are so large that they are.
    [Theory]
    [InlineData(30, 2000, 1600, false, false, false)]
    [InlineData(30, 70, 2048, false, true, true)]
    [InlineData(2750, 33, 770, true, false, false)]
    [InlineData(200, 300, 1000, true, true, false)]
    [InlineData(515, 530, 130, true, true, false)]
    public void Blocks_are_put_together(int m, int n, int k, bool innerA, bool innerB, bool half) => Check(m, n, k, innerA, innerB, half, 2, 1);

    [Fact]
    public void The_number_of_threads_that_a_product_is_cut_for_changes_no_bit()
    {
        float[] a = Matrices.Random(300 * 200, 1), b = Matrices.Random(300 * 250, 2), one = new float[200 * 250], many = new float[200 * 250];
        using TiledProduct product = TiledProduct.Create();
        fixed (float* pa = a, pb = b, pOne = one, pMany = many)
        {
            product.Run(new(Operand.Transposed(pa, 200), Operand.Transposed(pb, 250), (nint)pOne, 250, 200, 250, 300, false, 1));
            product.Run(new(Operand.Transposed(pa, 200), Operand.Transposed(pb, 250), (nint)pMany, 250, 200, 250, 300, false, 16));
        }
        Assert.Equal(one, many);
    }

    // Seeded: 0 nothing, 1 one row for all, 2 a matrix, 3 C itself.
    private static void Check(int m, int n, int k, bool innerA, bool innerB, bool half, int seeded, int seed)
    {
        float[] a = Matrices.Random(m * k, seed), b = Matrices.Random(n * k, seed + 1), start = Matrices.Random(m * n, seed + 2), bias = Matrices.Random(n, seed + 3);
        byte[] halves = new byte[2 * b.Length];
        if (half)
        {
            HalfConversion.ToHalf(b, halves);
            HalfConversion.FromHalf(halves, b);
        }
        float[] first = [.. Enumerable.Range(0, m * n).Select(i => seeded switch { 0 => 0, 1 => bias[i % n], _ => start[i] })];
        float[] expected = Matrices.Product(Ordered(a, m, k, innerA), Ordered(b, n, k, innerB), first, m, n, k, n, accumulate: true, transposed: true);
        foreach (GemmKernel kernel in Gemm.Kernels.Where(kernel => kernel.IsSupported))
        {
            float[] c = seeded == 3 ? (float[])start.Clone() : new float[m * n];
            Array.Fill(c, float.NaN, 0, seeded == 3 ? 0 : c.Length);
            using TiledProduct product = TiledProduct.Create(kernel);
            fixed (float* pa = a, pb = b, pc = c, pStart = start, pBias = bias)
            fixed (byte* pHalves = halves)
            {
                Operand left = innerA ? Operand.Transposed(pa, m) : Operand.RowMajor(pa, k);
                Operand right = new(half ? (nint)pHalves : (nint)pb, innerB ? n : k, innerB, half);
                product.Run(new Product(left, right, (nint)pc, n, m, n, k, seeded == 3, 1) with { SeedAddress = seeded switch { 1 => (nint)pBias, 2 => (nint)pStart, _ => 0 }, SeedStride = seeded == 2 ? n : 0 });
            }
            Matrices.Near(expected, c, k);
        }
    }

    // Element (i, p) at i · k + p, wherever it was.
    private static float[] Ordered(float[] values, int rows, int k, bool inner) =>
        inner ? [.. Enumerable.Range(0, rows * k).Select(i => values[(i % k * rows) + (i / k)])] : values;
}
