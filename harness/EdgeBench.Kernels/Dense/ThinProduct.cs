using System.Numerics.Tensors;

namespace EdgeBench.Kernels.Dense;

/// <summary>A product with few rows of A: packing would cost more than it saves, so B is read once where it lies.</summary>
internal static unsafe class ThinProduct
{
    /// <summary>Rows up to which this is used.</summary>
    public const int MaxRows = 4;

    // Elements of B that one item reads: about 10 µs.
    private const int Grain = 1 << 16;

    public static void Run(in Product given)
    {
        Product product = given;
        if (product.B.InnerMajor)
        {
            Sums(product);
            return;
        }
        Team.RunRanges(product.Threads, product.N, Math.Max(1, Grain / Math.Max(1, product.K)), (start, end) =>
        {
            for (int j = start; j < end; j++)
            {
                ReadOnlySpan<float> b = new(product.B.Data + ((nint)j * product.B.Stride), product.K);
                for (int i = 0; i < product.M; i++)
                {
                    float dot = TensorPrimitives.Dot(new ReadOnlySpan<float>(product.A.Data + ((nint)i * product.A.Stride), product.K), b);
                    float* c = product.C + ((nint)i * product.CStride) + j;
                    *c = product.Accumulate ? *c + dot : dot;
                }
            }
        });
    }

    private static void Sums(in Product product)
    {
        for (int i = 0; i < product.M; i++)
        {
            Span<float> c = new(product.C + ((nint)i * product.CStride), product.N);
            if (!product.Accumulate) c.Clear();
            float* a = product.A.Data + ((nint)i * product.A.Stride);
            for (int p = 0; p < product.K; p++)
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(product.B.Data + ((nint)p * product.B.Stride), product.N), a[p], c, c);
        }
    }
}
