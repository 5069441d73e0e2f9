using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Products of row-major float32 matrices, which calibration and training run on.</summary>
internal sealed class DenseProducts : ICaseSource
{
    private const int Square = 1024;

    public IEnumerable<KernelCase> Cases(int threads) =>
        from shape in Shapes()
        from kernel in Gemm.Kernels
        where kernel.IsSupported && kernel.Name != KernelCatalog.Scalar
        select new KernelCase(shape.Model, "gemm", "f32", kernel.Name, $"{shape.K}x{shape.N}", shape.M, threads)
        {
            Computes = PeakKind.F32,
            MemoryBytes = sizeof(float) * (((long)shape.M * shape.K) + ((long)shape.N * shape.K) + ((long)shape.M * shape.N)),
            Prepare = _ => Prepare(shape.M, shape.N, shape.K, threads, kernel),
        };

    private static IEnumerable<(string Model, int M, int N, int K)> Shapes() =>
    [
        .. from model in ModelShapes.All from matrix in model.Matrices select (model.Name, 512, matrix.Rows, matrix.Columns),
        ("square", Square, Square, Square),
    ];

    private static SimpleWork Prepare(int m, int n, int k, int threads, GemmKernel kernel)
    {
        float[] a = SampleValues.Normal(m * k), b = SampleValues.Normal(n * k), c = new float[m * n];
        return new SimpleWork(2.0 * m * n * k, sizeof(float) * (((double)m * k) + ((double)n * k) + ((double)m * n)),
            () => Gemm.MultiplyTransposed(a, b, c, m, n, k, threads, kernel: kernel));
    }
}
