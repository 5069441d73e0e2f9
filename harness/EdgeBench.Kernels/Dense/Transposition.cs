using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Square blocks of rows to as many columns, in registers: target[p · width + i] = source[i · stride + p]. Pairs of rows are interleaved, then pairs of
/// pairs, then 128-bit lanes are exchanged. Inlined throughout: vectors that are arguments of a call go through memory.
/// </summary>
internal static unsafe class Transposition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightByEight(float* source, nint stride, float* target, nint width)
    {
        Vector256<float> a = Vector256.Load(source), b = Vector256.Load(source + stride), c = Vector256.Load(source + (2 * stride)), d = Vector256.Load(source + (3 * stride));
        source += 4 * stride;
        Vector256<float> e = Vector256.Load(source), f = Vector256.Load(source + stride), g = Vector256.Load(source + (2 * stride)), h = Vector256.Load(source + (3 * stride));
        Four(Avx.UnpackLow(a, b), Avx.UnpackLow(c, d), Avx.UnpackLow(e, f), Avx.UnpackLow(g, h), target, width);
        Four(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), Avx.UnpackHigh(e, f), Avx.UnpackHigh(g, h), target + (2 * width), width);
    }

    /// <summary>16 × 16; of <paramref name="rows"/> 12, the last four rows are not there, and columns of 12 are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sixteen(float* source, nint stride, int rows, float* target, nint width)
    {
        Vector512<float> a = Vector512.Load(source), b = Vector512.Load(source + stride), c = Vector512.Load(source + (2 * stride)), d = Vector512.Load(source + (3 * stride));
        source += 4 * stride;
        Vector512<float> e = Vector512.Load(source), f = Vector512.Load(source + stride), g = Vector512.Load(source + (2 * stride)), h = Vector512.Load(source + (3 * stride));
        source += 4 * stride;
        Vector512<float> i = Vector512.Load(source), j = Vector512.Load(source + stride), k = Vector512.Load(source + (2 * stride)), l = Vector512.Load(source + (3 * stride));
        Vector512<float> m = default, n = default, o = default, p = default;
        bool whole = rows == 16;
        if (whole)
        {
            source += 4 * stride;
            (m, n, o, p) = (Vector512.Load(source), Vector512.Load(source + stride), Vector512.Load(source + (2 * stride)), Vector512.Load(source + (3 * stride)));
        }
        Eight(Avx512F.UnpackLow(a, b), Avx512F.UnpackLow(c, d), Avx512F.UnpackLow(e, f), Avx512F.UnpackLow(g, h),
            Avx512F.UnpackLow(i, j), Avx512F.UnpackLow(k, l), Avx512F.UnpackLow(m, n), Avx512F.UnpackLow(o, p), target, width, whole);
        Eight(Avx512F.UnpackHigh(a, b), Avx512F.UnpackHigh(c, d), Avx512F.UnpackHigh(e, f), Avx512F.UnpackHigh(g, h),
            Avx512F.UnpackHigh(i, j), Avx512F.UnpackHigh(k, l), Avx512F.UnpackHigh(m, n), Avx512F.UnpackHigh(o, p), target + (2 * width), width, whole);
    }

    // Columns 0, 1 and 4, 5 of the eight, as seen from the target.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(Vector256<float> ab, Vector256<float> cd, Vector256<float> ef, Vector256<float> gh, float* target, nint width)
    {
        Vector256<float> even = Avx.Shuffle(ab, cd, 0x44), odd = Avx.Shuffle(ab, cd, 0xEE), evenBelow = Avx.Shuffle(ef, gh, 0x44), oddBelow = Avx.Shuffle(ef, gh, 0xEE);
        Avx.Permute2x128(even, evenBelow, 0x20).Store(target);
        Avx.Permute2x128(odd, oddBelow, 0x20).Store(target + width);
        Avx.Permute2x128(even, evenBelow, 0x31).Store(target + (4 * width));
        Avx.Permute2x128(odd, oddBelow, 0x31).Store(target + (5 * width));
    }

    // Columns 0 and 1 of each four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(Vector512<float> ab, Vector512<float> cd, Vector512<float> ef, Vector512<float> gh, Vector512<float> ij, Vector512<float> kl, Vector512<float> mn, Vector512<float> op,
        float* target, nint width, bool whole)
    {
        Lanes(Avx512F.Shuffle(ab, cd, 0x44), Avx512F.Shuffle(ef, gh, 0x44), Avx512F.Shuffle(ij, kl, 0x44), Avx512F.Shuffle(mn, op, 0x44), target, width, whole);
        Lanes(Avx512F.Shuffle(ab, cd, 0xEE), Avx512F.Shuffle(ef, gh, 0xEE), Avx512F.Shuffle(ij, kl, 0xEE), Avx512F.Shuffle(mn, op, 0xEE), target + width, width, whole);
    }

    // Each vector has four rows of a column of each four: lane n of all of them is one column.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth, float* target, nint width, bool whole)
    {
        Vector512<float> even = Avx512F.Shuffle4x128(first, second, 0x88), evenBelow = Avx512F.Shuffle4x128(third, fourth, 0x88);
        Vector512<float> odd = Avx512F.Shuffle4x128(first, second, 0xDD), oddBelow = Avx512F.Shuffle4x128(third, fourth, 0xDD);
        Store(Avx512F.Shuffle4x128(even, evenBelow, 0x88), target, whole);
        Store(Avx512F.Shuffle4x128(odd, oddBelow, 0x88), target + (4 * width), whole);
        Store(Avx512F.Shuffle4x128(even, evenBelow, 0xDD), target + (8 * width), whole);
        Store(Avx512F.Shuffle4x128(odd, oddBelow, 0xDD), target + (12 * width), whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> column, float* target, bool whole)
    {
        if (whole)
        {
            column.Store(target);
            return;
        }
        column.GetLower().Store(target);
        column.GetUpper().GetLower().Store(target + 8);
    }
}
