using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Dense;

/// <summary>12 × 32: 24 accumulators of 16 lanes, two of B and one of A, of AVX-512's 32 registers.</summary>
internal readonly unsafe struct Tile512 : ITile
{
    public static string Name => "vector512";

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static int Rows => 12;

    public static int Columns => 32;

    public static void Multiply(float* a, float* b, int k, float* c, nint stride, bool accumulate)
    {
        Vector512<float> c0l = Vector512<float>.Zero, c0h = Vector512<float>.Zero;
        Vector512<float> c1l = Vector512<float>.Zero, c1h = Vector512<float>.Zero;
        Vector512<float> c2l = Vector512<float>.Zero, c2h = Vector512<float>.Zero;
        Vector512<float> c3l = Vector512<float>.Zero, c3h = Vector512<float>.Zero;
        Vector512<float> c4l = Vector512<float>.Zero, c4h = Vector512<float>.Zero;
        Vector512<float> c5l = Vector512<float>.Zero, c5h = Vector512<float>.Zero;
        Vector512<float> c6l = Vector512<float>.Zero, c6h = Vector512<float>.Zero;
        Vector512<float> c7l = Vector512<float>.Zero, c7h = Vector512<float>.Zero;
        Vector512<float> c8l = Vector512<float>.Zero, c8h = Vector512<float>.Zero;
        Vector512<float> c9l = Vector512<float>.Zero, c9h = Vector512<float>.Zero;
        Vector512<float> c10l = Vector512<float>.Zero, c10h = Vector512<float>.Zero;
        Vector512<float> c11l = Vector512<float>.Zero, c11h = Vector512<float>.Zero;
        for (int p = 0; p < k; p++, a += 12, b += 32)
        {
            Vector512<float> low = Vector512.Load(b), high = Vector512.Load(b + 16);
            Vector512<float> x = Vector512.Create(a[0]);
            c0l = Vector512.FusedMultiplyAdd(x, low, c0l);
            c0h = Vector512.FusedMultiplyAdd(x, high, c0h);
            x = Vector512.Create(a[1]);
            c1l = Vector512.FusedMultiplyAdd(x, low, c1l);
            c1h = Vector512.FusedMultiplyAdd(x, high, c1h);
            x = Vector512.Create(a[2]);
            c2l = Vector512.FusedMultiplyAdd(x, low, c2l);
            c2h = Vector512.FusedMultiplyAdd(x, high, c2h);
            x = Vector512.Create(a[3]);
            c3l = Vector512.FusedMultiplyAdd(x, low, c3l);
            c3h = Vector512.FusedMultiplyAdd(x, high, c3h);
            x = Vector512.Create(a[4]);
            c4l = Vector512.FusedMultiplyAdd(x, low, c4l);
            c4h = Vector512.FusedMultiplyAdd(x, high, c4h);
            x = Vector512.Create(a[5]);
            c5l = Vector512.FusedMultiplyAdd(x, low, c5l);
            c5h = Vector512.FusedMultiplyAdd(x, high, c5h);
            x = Vector512.Create(a[6]);
            c6l = Vector512.FusedMultiplyAdd(x, low, c6l);
            c6h = Vector512.FusedMultiplyAdd(x, high, c6h);
            x = Vector512.Create(a[7]);
            c7l = Vector512.FusedMultiplyAdd(x, low, c7l);
            c7h = Vector512.FusedMultiplyAdd(x, high, c7h);
            x = Vector512.Create(a[8]);
            c8l = Vector512.FusedMultiplyAdd(x, low, c8l);
            c8h = Vector512.FusedMultiplyAdd(x, high, c8h);
            x = Vector512.Create(a[9]);
            c9l = Vector512.FusedMultiplyAdd(x, low, c9l);
            c9h = Vector512.FusedMultiplyAdd(x, high, c9h);
            x = Vector512.Create(a[10]);
            c10l = Vector512.FusedMultiplyAdd(x, low, c10l);
            c10h = Vector512.FusedMultiplyAdd(x, high, c10h);
            x = Vector512.Create(a[11]);
            c11l = Vector512.FusedMultiplyAdd(x, low, c11l);
            c11h = Vector512.FusedMultiplyAdd(x, high, c11h);
        }
        Store(c0l, c0h, c, accumulate);
        Store(c1l, c1h, c + stride, accumulate);
        Store(c2l, c2h, c + (2 * stride), accumulate);
        Store(c3l, c3h, c + (3 * stride), accumulate);
        Store(c4l, c4h, c + (4 * stride), accumulate);
        Store(c5l, c5h, c + (5 * stride), accumulate);
        Store(c6l, c6h, c + (6 * stride), accumulate);
        Store(c7l, c7h, c + (7 * stride), accumulate);
        Store(c8l, c8h, c + (8 * stride), accumulate);
        Store(c9l, c9h, c + (9 * stride), accumulate);
        Store(c10l, c10h, c + (10 * stride), accumulate);
        Store(c11l, c11h, c + (11 * stride), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> low, Vector512<float> high, float* c, bool accumulate)
    {
        if (accumulate)
        {
            low += Vector512.Load(c);
            high += Vector512.Load(c + 16);
        }
        low.Store(c);
        high.Store(c + 16);
    }
}
