using System.Runtime.CompilerServices;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>
/// C[rows, 3 vectors] = Aᵀ · B for A [k, rows] and B [k, 3 vectors]: 8 rows (24 accumulators, three of B and one of A, of 32 registers) where vectors have 16
/// lanes, else 4 (12, 3 and 1 of 16).
/// </summary>
internal static unsafe class WideTile<T>
    where T : unmanaged, IFloats<T>
{
    public static int Columns => 3 * T.Count;

    /// <summary>Any multiple of 8 rows. Element (row, p) of A is <c>a[p · aStride + row]</c>; C's rows are as wide as B's.</summary>
    public static void Multiply(float* a, int aStride, int rows, float* b, int k, float* c, bool accumulate)
    {
        if (T.Count == 16)
        {
            for (int row = 0; row < rows; row += 8) Eight(a + row, aStride, b, k, c + (row * Columns), accumulate);
        }
        else
        {
            for (int row = 0; row < rows; row += 4) Four(a + row, aStride, b, k, c + (row * Columns), accumulate);
        }
    }

    private static void Four(float* a, nint aStride, float* b, int k, float* c, bool accumulate)
    {
        T zero = T.Create(0);
        T c00 = zero, c01 = zero, c02 = zero, c10 = zero, c11 = zero, c12 = zero, c20 = zero, c21 = zero, c22 = zero, c30 = zero, c31 = zero, c32 = zero;
        for (int p = 0; p < k; p++, a += aStride, b += 3 * T.Count)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), b2 = T.Load(b + (2 * T.Count));
            T x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            c02 = T.MultiplyAdd(x, b2, c02);
            x = T.Create(a[1]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            c12 = T.MultiplyAdd(x, b2, c12);
            x = T.Create(a[2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            c22 = T.MultiplyAdd(x, b2, c22);
            x = T.Create(a[3]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            c32 = T.MultiplyAdd(x, b2, c32);
        }
        Store(c00, c01, c02, c, accumulate);
        Store(c10, c11, c12, c + Columns, accumulate);
        Store(c20, c21, c22, c + (2 * Columns), accumulate);
        Store(c30, c31, c32, c + (3 * Columns), accumulate);
    }

    private static void Eight(float* a, nint aStride, float* b, int k, float* c, bool accumulate)
    {
        T zero = T.Create(0);
        T c00 = zero, c01 = zero, c02 = zero, c10 = zero, c11 = zero, c12 = zero, c20 = zero, c21 = zero, c22 = zero, c30 = zero, c31 = zero, c32 = zero;
        T c40 = zero, c41 = zero, c42 = zero, c50 = zero, c51 = zero, c52 = zero, c60 = zero, c61 = zero, c62 = zero, c70 = zero, c71 = zero, c72 = zero;
        for (int p = 0; p < k; p++, a += aStride, b += 3 * T.Count)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), b2 = T.Load(b + (2 * T.Count));
            T x = T.Create(a[0]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            c02 = T.MultiplyAdd(x, b2, c02);
            x = T.Create(a[1]);
            c10 = T.MultiplyAdd(x, b0, c10);
            c11 = T.MultiplyAdd(x, b1, c11);
            c12 = T.MultiplyAdd(x, b2, c12);
            x = T.Create(a[2]);
            c20 = T.MultiplyAdd(x, b0, c20);
            c21 = T.MultiplyAdd(x, b1, c21);
            c22 = T.MultiplyAdd(x, b2, c22);
            x = T.Create(a[3]);
            c30 = T.MultiplyAdd(x, b0, c30);
            c31 = T.MultiplyAdd(x, b1, c31);
            c32 = T.MultiplyAdd(x, b2, c32);
            x = T.Create(a[4]);
            c40 = T.MultiplyAdd(x, b0, c40);
            c41 = T.MultiplyAdd(x, b1, c41);
            c42 = T.MultiplyAdd(x, b2, c42);
            x = T.Create(a[5]);
            c50 = T.MultiplyAdd(x, b0, c50);
            c51 = T.MultiplyAdd(x, b1, c51);
            c52 = T.MultiplyAdd(x, b2, c52);
            x = T.Create(a[6]);
            c60 = T.MultiplyAdd(x, b0, c60);
            c61 = T.MultiplyAdd(x, b1, c61);
            c62 = T.MultiplyAdd(x, b2, c62);
            x = T.Create(a[7]);
            c70 = T.MultiplyAdd(x, b0, c70);
            c71 = T.MultiplyAdd(x, b1, c71);
            c72 = T.MultiplyAdd(x, b2, c72);
        }
        Store(c00, c01, c02, c, accumulate);
        Store(c10, c11, c12, c + Columns, accumulate);
        Store(c20, c21, c22, c + (2 * Columns), accumulate);
        Store(c30, c31, c32, c + (3 * Columns), accumulate);
        Store(c40, c41, c42, c + (4 * Columns), accumulate);
        Store(c50, c51, c52, c + (5 * Columns), accumulate);
        Store(c60, c61, c62, c + (6 * Columns), accumulate);
        Store(c70, c71, c72, c + (7 * Columns), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T c0, T c1, T c2, float* c, bool accumulate)
    {
        if (accumulate)
        {
            c0 = T.Add(c0, T.Load(c));
            c1 = T.Add(c1, T.Load(c + T.Count));
            c2 = T.Add(c2, T.Load(c + (2 * T.Count)));
        }
        T.Store(c0, c);
        T.Store(c1, c + T.Count);
        T.Store(c2, c + (2 * T.Count));
    }
}
