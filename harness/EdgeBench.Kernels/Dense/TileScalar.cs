namespace EdgeBench.Kernels.Dense;

/// <summary>4 × 4 without vectors: the specification of the others.</summary>
internal readonly unsafe struct TileScalar : ITile
{
    public static string Name => "scalar";

    public static bool IsSupported => true;

    public static int Rows => 4;

    public static int Columns => 4;

    public static void Multiply(float* a, nint rowStride, nint innerStride, float* b, nint stepOfB, int k, float* c, nint stride, float* seed, nint seedStride)
    {
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++) sum += a[(i * rowStride) + (p * innerStride)] * b[(p * stepOfB) + j];
                c[(i * stride) + j] = seed == null ? sum : seed[(i * seedStride) + j] + sum;
            }
        }
    }
}
