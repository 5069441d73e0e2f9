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

    public static void Multiply(float* a, float* b, int k, float* c, nint stride, bool accumulate)
    {
        Vector128<float> c0l = Vector128<float>.Zero, c0h = Vector128<float>.Zero;
        Vector128<float> c1l = Vector128<float>.Zero, c1h = Vector128<float>.Zero;
        Vector128<float> c2l = Vector128<float>.Zero, c2h = Vector128<float>.Zero;
        Vector128<float> c3l = Vector128<float>.Zero, c3h = Vector128<float>.Zero;
        Vector128<float> c4l = Vector128<float>.Zero, c4h = Vector128<float>.Zero;
        Vector128<float> c5l = Vector128<float>.Zero, c5h = Vector128<float>.Zero;
        for (int p = 0; p < k; p++, a += 6, b += 8)
        {
            Vector128<float> low = Vector128.Load(b), high = Vector128.Load(b + 4);
            Vector128<float> x = Vector128.Create(a[0]);
            c0l = Vector128.MultiplyAddEstimate(x, low, c0l);
            c0h = Vector128.MultiplyAddEstimate(x, high, c0h);
            x = Vector128.Create(a[1]);
            c1l = Vector128.MultiplyAddEstimate(x, low, c1l);
            c1h = Vector128.MultiplyAddEstimate(x, high, c1h);
            x = Vector128.Create(a[2]);
            c2l = Vector128.MultiplyAddEstimate(x, low, c2l);
            c2h = Vector128.MultiplyAddEstimate(x, high, c2h);
            x = Vector128.Create(a[3]);
            c3l = Vector128.MultiplyAddEstimate(x, low, c3l);
            c3h = Vector128.MultiplyAddEstimate(x, high, c3h);
            x = Vector128.Create(a[4]);
            c4l = Vector128.MultiplyAddEstimate(x, low, c4l);
            c4h = Vector128.MultiplyAddEstimate(x, high, c4h);
            x = Vector128.Create(a[5]);
            c5l = Vector128.MultiplyAddEstimate(x, low, c5l);
            c5h = Vector128.MultiplyAddEstimate(x, high, c5h);
        }
        Store(c0l, c0h, c, accumulate);
        Store(c1l, c1h, c + stride, accumulate);
        Store(c2l, c2h, c + (2 * stride), accumulate);
        Store(c3l, c3h, c + (3 * stride), accumulate);
        Store(c4l, c4h, c + (4 * stride), accumulate);
        Store(c5l, c5h, c + (5 * stride), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> low, Vector128<float> high, float* c, bool accumulate)
    {
        if (accumulate)
        {
            low += Vector128.Load(c);
            high += Vector128.Load(c + 4);
        }
        low.Store(c);
        high.Store(c + 4);
    }
}
