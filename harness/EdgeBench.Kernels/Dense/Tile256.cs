using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Dense;

/// <summary>6 × 16: 12 accumulators of 8 lanes, two of B and one of A, of AVX's 16 registers. Multiply and add are fused where the processor can.</summary>
internal readonly unsafe struct Tile256 : ITile
{
    public static string Name => "vector256";

    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static int Rows => 6;

    public static int Columns => 16;

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
        Vector256<float> c0l = Vector256<float>.Zero, c0h = Vector256<float>.Zero;
        Vector256<float> c1l = Vector256<float>.Zero, c1h = Vector256<float>.Zero;
        Vector256<float> c2l = Vector256<float>.Zero, c2h = Vector256<float>.Zero;
        Vector256<float> c3l = Vector256<float>.Zero, c3h = Vector256<float>.Zero;
        Vector256<float> c4l = Vector256<float>.Zero, c4h = Vector256<float>.Zero;
        Vector256<float> c5l = Vector256<float>.Zero, c5h = Vector256<float>.Zero;
        float* a3 = a + (3 * rowStride);
        nint twice = 2 * rowStride;
        int p = 0;
        for (int end = Math.Max(0, k - ReadAhead.Inner); ; end = k)
        {
            for (; p < end; p++, b += stepOfB)
            {
                ReadAhead.Lines(b + ahead, Columns);
                Vector256<float> low = Vector256.Load(b), high = Vector256.Load(b + 8);
                Vector256<float> x = Vector256.Create(*a);
                c0l = Vector256.MultiplyAddEstimate(x, low, c0l);
                c0h = Vector256.MultiplyAddEstimate(x, high, c0h);
                x = Vector256.Create(a[rowStride]);
                c1l = Vector256.MultiplyAddEstimate(x, low, c1l);
                c1h = Vector256.MultiplyAddEstimate(x, high, c1h);
                x = Vector256.Create(a[twice]);
                c2l = Vector256.MultiplyAddEstimate(x, low, c2l);
                c2h = Vector256.MultiplyAddEstimate(x, high, c2h);
                x = Vector256.Create(*a3);
                c3l = Vector256.MultiplyAddEstimate(x, low, c3l);
                c3h = Vector256.MultiplyAddEstimate(x, high, c3h);
                x = Vector256.Create(a3[rowStride]);
                c4l = Vector256.MultiplyAddEstimate(x, low, c4l);
                c4h = Vector256.MultiplyAddEstimate(x, high, c4h);
                x = Vector256.Create(a3[twice]);
                c5l = Vector256.MultiplyAddEstimate(x, low, c5l);
                c5h = Vector256.MultiplyAddEstimate(x, high, c5h);
                a += innerStride;
                a3 += innerStride;
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
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, float* c, float* seed)
    {
        if (seed != null)
        {
            low += Vector256.Load(seed);
            high += Vector256.Load(seed + 8);
        }
        low.Store(c);
        high.Store(c + 8);
    }
}
