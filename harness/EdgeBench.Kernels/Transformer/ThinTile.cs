using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Transformer;

/// <summary>C[rows, columns] = A [rows, k] · B [k, columns] for few rows: each vector of B is read once for up to four of them. A carries the source's scale.</summary>
internal static unsafe class ThinTile<T, TSource>
    where T : unmanaged, IFloats<T>
    where TSource : struct, IVectorSource
{
    // Bytes of a vector of B.
    private static int Wide => T.Count * TSource.Bytes;

    /// <summary>Columns are a multiple of 32.</summary>
    public static void Multiply(float* a, int aStride, int rows, byte* b, int bStride, int k, int columns, float* c, int cStride, bool accumulate)
    {
        for (int row = 0; row < rows;)
        {
            int together = Math.Min(rows - row, 4);
            float* from = a + ((nint)row * aStride), to = c + ((nint)row * cStride);
            for (int column = 0; column < columns; column += 2 * T.Count)
            {
                switch (together)
                {
                    case 1: One(from, b + (column * TSource.Bytes), (nint)bStride * TSource.Bytes, k, to + column, accumulate); break;
                    case 2: Two(from, aStride, b + (column * TSource.Bytes), (nint)bStride * TSource.Bytes, k, to + column, cStride, accumulate); break;
                    case 3: Three(from, aStride, b + (column * TSource.Bytes), (nint)bStride * TSource.Bytes, k, to + column, cStride, accumulate); break;
                    default: Four(from, aStride, b + (column * TSource.Bytes), (nint)bStride * TSource.Bytes, k, to + column, cStride, accumulate); break;
                }
            }
            row += together;
        }
    }

    private static void One(float* a, byte* b, nint step, int k, float* c, bool accumulate)
    {
        // Even and odd terms apart: two chains alone would wait for each other's additions.
        T zero = T.Create(0), c0 = zero, c1 = zero, d0 = zero, d1 = zero;
        int p = 0;
        for (; p <= k - 2; p += 2, b += 2 * step)
        {
            T x = T.Create(a[p]), y = T.Create(a[p + 1]);
            c0 = T.MultiplyAdd(x, TSource.Load<T>(b), c0);
            c1 = T.MultiplyAdd(x, TSource.Load<T>(b + Wide), c1);
            d0 = T.MultiplyAdd(y, TSource.Load<T>(b + step), d0);
            d1 = T.MultiplyAdd(y, TSource.Load<T>(b + step + Wide), d1);
        }
        if (p < k)
        {
            c0 = T.MultiplyAdd(T.Create(a[p]), TSource.Load<T>(b), c0);
            c1 = T.MultiplyAdd(T.Create(a[p]), TSource.Load<T>(b + Wide), c1);
        }
        Store(T.Add(c0, d0), T.Add(c1, d1), c, accumulate);
    }

    private static void Two(float* a, nint aStride, byte* b, nint step, int k, float* c, nint cStride, bool accumulate)
    {
        T zero = T.Create(0), c00 = zero, c01 = zero, c10 = zero, c11 = zero;
        for (int p = 0; p < k; p++, b += step)
        {
            T b0 = TSource.Load<T>(b), b1 = TSource.Load<T>(b + Wide), x = T.Create(a[p]), y = T.Create(a[aStride + p]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            c10 = T.MultiplyAdd(y, b0, c10);
            c11 = T.MultiplyAdd(y, b1, c11);
        }
        Store(c00, c01, c, accumulate);
        Store(c10, c11, c + cStride, accumulate);
    }

    private static void Three(float* a, nint aStride, byte* b, nint step, int k, float* c, nint cStride, bool accumulate)
    {
        T zero = T.Create(0), c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
        for (int p = 0; p < k; p++, b += step)
        {
            T b0 = TSource.Load<T>(b), b1 = TSource.Load<T>(b + Wide), x = T.Create(a[p]), y = T.Create(a[aStride + p]), z = T.Create(a[(2 * aStride) + p]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            c10 = T.MultiplyAdd(y, b0, c10);
            c11 = T.MultiplyAdd(y, b1, c11);
            c20 = T.MultiplyAdd(z, b0, c20);
            c21 = T.MultiplyAdd(z, b1, c21);
        }
        Store(c00, c01, c, accumulate);
        Store(c10, c11, c + cStride, accumulate);
        Store(c20, c21, c + (2 * cStride), accumulate);
    }

    private static void Four(float* a, nint aStride, byte* b, nint step, int k, float* c, nint cStride, bool accumulate)
    {
        T zero = T.Create(0), c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
        for (int p = 0; p < k; p++, b += step)
        {
            T b0 = TSource.Load<T>(b), b1 = TSource.Load<T>(b + Wide);
            T x = T.Create(a[p]), y = T.Create(a[aStride + p]), z = T.Create(a[(2 * aStride) + p]), w = T.Create(a[(3 * aStride) + p]);
            c00 = T.MultiplyAdd(x, b0, c00);
            c01 = T.MultiplyAdd(x, b1, c01);
            c10 = T.MultiplyAdd(y, b0, c10);
            c11 = T.MultiplyAdd(y, b1, c11);
            c20 = T.MultiplyAdd(z, b0, c20);
            c21 = T.MultiplyAdd(z, b1, c21);
            c30 = T.MultiplyAdd(w, b0, c30);
            c31 = T.MultiplyAdd(w, b1, c31);
        }
        Store(c00, c01, c, accumulate);
        Store(c10, c11, c + cStride, accumulate);
        Store(c20, c21, c + (2 * cStride), accumulate);
        Store(c30, c31, c + (3 * cStride), accumulate);
    }

    private static void Store(T c0, T c1, float* c, bool accumulate)
    {
        if (accumulate)
        {
            c0 = T.Add(c0, T.Load(c));
            c1 = T.Add(c1, T.Load(c + T.Count));
        }
        T.Store(c0, c);
        T.Store(c1, c + T.Count);
    }
}
