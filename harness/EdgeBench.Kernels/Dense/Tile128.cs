using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Dense;

/// <summary>6 × 8: 12 accumulators of 4 lanes, two of B and one of A, which fits SSE's 16 registers and AdvSimd's 32.</summary>
internal readonly unsafe struct Tile128 : ITile
{
    public static string Name => "vector128";

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Rows => 6;

    public static int Columns => 8;

    public static void Multiply(float* a, nint rowStride, nint innerStride, float* b, nint stepOfB, int k, float* c, nint stride, float* seed, nint seedStride)
    {
        Vector128<float> c0l = Vector128<float>.Zero, c0h = Vector128<float>.Zero;
        Vector128<float> c1l = Vector128<float>.Zero, c1h = Vector128<float>.Zero;
        Vector128<float> c2l = Vector128<float>.Zero, c2h = Vector128<float>.Zero;
        Vector128<float> c3l = Vector128<float>.Zero, c3h = Vector128<float>.Zero;
        Vector128<float> c4l = Vector128<float>.Zero, c4h = Vector128<float>.Zero;
        Vector128<float> c5l = Vector128<float>.Zero, c5h = Vector128<float>.Zero;
        ReadAhead.Tile(c, stride, Rows, Columns);
        float* a3 = a + (3 * rowStride);
        nint twice = 2 * rowStride;
        for (int p = 0; p < k; p++, b += stepOfB)
        {
            Vector128<float> low = Vector128.Load(b), high = Vector128.Load(b + 4);
            Vector128<float> x = Vector128.Create(*a);
            c0l = Vector128.MultiplyAddEstimate(x, low, c0l);
            c0h = Vector128.MultiplyAddEstimate(x, high, c0h);
            x = Vector128.Create(a[rowStride]);
            c1l = Vector128.MultiplyAddEstimate(x, low, c1l);
            c1h = Vector128.MultiplyAddEstimate(x, high, c1h);
            x = Vector128.Create(a[twice]);
            c2l = Vector128.MultiplyAddEstimate(x, low, c2l);
            c2h = Vector128.MultiplyAddEstimate(x, high, c2h);
            x = Vector128.Create(*a3);
            c3l = Vector128.MultiplyAddEstimate(x, low, c3l);
            c3h = Vector128.MultiplyAddEstimate(x, high, c3h);
            x = Vector128.Create(a3[rowStride]);
            c4l = Vector128.MultiplyAddEstimate(x, low, c4l);
            c4h = Vector128.MultiplyAddEstimate(x, high, c4h);
            x = Vector128.Create(a3[twice]);
            c5l = Vector128.MultiplyAddEstimate(x, low, c5l);
            c5h = Vector128.MultiplyAddEstimate(x, high, c5h);
            a += innerStride;
            a3 += innerStride;
        }
        Store(c0l, c0h, c, seed == null ? null : seed);
        Store(c1l, c1h, c + stride, seed == null ? null : seed + seedStride);
        Store(c2l, c2h, c + (2 * stride), seed == null ? null : seed + (2 * seedStride));
        Store(c3l, c3h, c + (3 * stride), seed == null ? null : seed + (3 * seedStride));
        Store(c4l, c4h, c + (4 * stride), seed == null ? null : seed + (4 * seedStride));
        Store(c5l, c5h, c + (5 * stride), seed == null ? null : seed + (5 * seedStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> low, Vector128<float> high, float* c, float* seed)
    {
        if (seed != null)
        {
            low += Vector128.Load(seed);
            high += Vector128.Load(seed + 4);
        }
        low.Store(c);
        high.Store(c + 4);
    }
}
