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

    // Optimised from the first call on: hundreds of calls of unoptimised code, ten times as slow, are what a short process would wait for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint rowStride, nint innerStride, float* b, nint stepOfB, int k, float* c, nint stride, float* seed, nint seedStride)
    {
        if (rowStride == 1 && innerStride == Rows && stepOfB == Columns) Packed(a, b, k, c, stride, seed, seedStride);
        else Sums(a, rowStride, innerStride, b, stepOfB, stepOfB == Columns ? ReadAhead.Inner * Columns : 0, k, c, stride, seed, seedStride);
    }

    // The same with constants for strides.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Packed(float* a, float* b, int k, float* c, nint stride, float* seed, nint seedStride) =>
        Sums(a, 1, Rows, b, Columns, ReadAhead.Inner * Columns, k, c, stride, seed, seedStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums(float* a, nint rowStride, nint innerStride, float* b, nint stepOfB, nint ahead, int k, float* c, nint stride, float* seed, nint seedStride)
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
        float* a3 = a + (3 * rowStride), a6 = a + (6 * rowStride), a9 = a + (9 * rowStride);
        nint twice = 2 * rowStride;
        int p = 0;
        for (int end = Math.Max(0, k - ReadAhead.Inner); ; end = k)
        {
            for (; p < end; p++, b += stepOfB)
            {
                ReadAhead.Lines(b + ahead, Columns);
                Vector512<float> low = Vector512.Load(b), high = Vector512.Load(b + 16);
                Vector512<float> x = Vector512.Create(*a);
                c0l = Vector512.FusedMultiplyAdd(x, low, c0l);
                c0h = Vector512.FusedMultiplyAdd(x, high, c0h);
                x = Vector512.Create(a[rowStride]);
                c1l = Vector512.FusedMultiplyAdd(x, low, c1l);
                c1h = Vector512.FusedMultiplyAdd(x, high, c1h);
                x = Vector512.Create(a[twice]);
                c2l = Vector512.FusedMultiplyAdd(x, low, c2l);
                c2h = Vector512.FusedMultiplyAdd(x, high, c2h);
                x = Vector512.Create(*a3);
                c3l = Vector512.FusedMultiplyAdd(x, low, c3l);
                c3h = Vector512.FusedMultiplyAdd(x, high, c3h);
                x = Vector512.Create(a3[rowStride]);
                c4l = Vector512.FusedMultiplyAdd(x, low, c4l);
                c4h = Vector512.FusedMultiplyAdd(x, high, c4h);
                x = Vector512.Create(a3[twice]);
                c5l = Vector512.FusedMultiplyAdd(x, low, c5l);
                c5h = Vector512.FusedMultiplyAdd(x, high, c5h);
                x = Vector512.Create(*a6);
                c6l = Vector512.FusedMultiplyAdd(x, low, c6l);
                c6h = Vector512.FusedMultiplyAdd(x, high, c6h);
                x = Vector512.Create(a6[rowStride]);
                c7l = Vector512.FusedMultiplyAdd(x, low, c7l);
                c7h = Vector512.FusedMultiplyAdd(x, high, c7h);
                x = Vector512.Create(a6[twice]);
                c8l = Vector512.FusedMultiplyAdd(x, low, c8l);
                c8h = Vector512.FusedMultiplyAdd(x, high, c8h);
                x = Vector512.Create(*a9);
                c9l = Vector512.FusedMultiplyAdd(x, low, c9l);
                c9h = Vector512.FusedMultiplyAdd(x, high, c9h);
                x = Vector512.Create(a9[rowStride]);
                c10l = Vector512.FusedMultiplyAdd(x, low, c10l);
                c10h = Vector512.FusedMultiplyAdd(x, high, c10h);
                x = Vector512.Create(a9[twice]);
                c11l = Vector512.FusedMultiplyAdd(x, low, c11l);
                c11h = Vector512.FusedMultiplyAdd(x, high, c11h);
                a += innerStride;
                a3 += innerStride;
                a6 += innerStride;
                a9 += innerStride;
            }
            if (end == k) break;
            ReadAhead.Tile(c, stride, Rows, Columns);
        }
        Store(c0l, c0h, c, seed == null ? null : seed);
        Store(c1l, c1h, c + stride, seed == null ? null : seed + seedStride);
        Store(c2l, c2h, c + (2 * stride), seed == null ? null : seed + (2 * seedStride));
        Store(c3l, c3h, c + (3 * stride), seed == null ? null : seed + (3 * seedStride));
        Store(c4l, c4h, c + (4 * stride), seed == null ? null : seed + (4 * seedStride));
        Store(c5l, c5h, c + (5 * stride), seed == null ? null : seed + (5 * seedStride));
        Store(c6l, c6h, c + (6 * stride), seed == null ? null : seed + (6 * seedStride));
        Store(c7l, c7h, c + (7 * stride), seed == null ? null : seed + (7 * seedStride));
        Store(c8l, c8h, c + (8 * stride), seed == null ? null : seed + (8 * seedStride));
        Store(c9l, c9h, c + (9 * stride), seed == null ? null : seed + (9 * seedStride));
        Store(c10l, c10h, c + (10 * stride), seed == null ? null : seed + (10 * seedStride));
        Store(c11l, c11h, c + (11 * stride), seed == null ? null : seed + (11 * seedStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> low, Vector512<float> high, float* c, float* seed)
    {
        if (seed != null)
        {
            low += Vector512.Load(seed);
            high += Vector512.Load(seed + 16);
        }
        low.Store(c);
        high.Store(c + 16);
    }
}
