using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Training;

/// <summary>Small products on one thread with a right factor that was packed once for several of them.</summary>
internal static unsafe class TiledRows<TTile>
    where TTile : struct, ITile
{
    /// <summary>Floats of <paramref name="n"/> packed rows (columns of C) of <paramref name="k"/> inner elements.</summary>
    public static int PackedLength(int n, int k) => (n + TTile.Columns - 1) / TTile.Columns * TTile.Columns * k;

    public static void Pack(Operand operand, int n, int k, float* target)
    {
        for (int column = 0; column < n; column += TTile.Columns)
            Panel.Pack(operand, column, Math.Min(TTile.Columns, n - column), TTile.Columns, 0, k, target + ((nint)column * k));
    }

    /// <summary>
    /// C[m, n] = (or +=) Σ over p &lt; k of a[i · rowStride + p · innerStride] · B; B was packed with <paramref name="packedInner"/> inner elements, of which
    /// the first k are taken. C has columns up to the next multiple of a tile's, and A readable rows to the next multiple of its rows.
    /// </summary>
    public static void Multiply(float* a, nint rowStride, nint innerStride, int m, float* packed, int n, int k, int packedInner, float* c, nint stride, bool adds)
    {
        float* whole = stackalloc float[TTile.Rows * TTile.Columns];
        for (int column = 0; column < n; column += TTile.Columns)
        {
            float* b = packed + ((nint)column * packedInner);
            for (int row = 0; row < m; row += TTile.Rows)
            {
                float* target = c + (row * stride) + column;
                float* source = a + (row * rowStride);
                int rows = Math.Min(TTile.Rows, m - row), columns = Math.Min(TTile.Columns, n - column);
                if (rows == TTile.Rows && columns == TTile.Columns)
                {
                    TTile.Multiply(source, rowStride, innerStride, b, TTile.Columns, k, target, stride, adds ? target : null, stride);
                    continue;
                }
                TTile.Multiply(source, rowStride, innerStride, b, TTile.Columns, k, whole, TTile.Columns, null, 0);
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < columns; j++)
                    {
                        float value = whole[(i * TTile.Columns) + j];
                        target[(i * stride) + j] = adds ? target[(i * stride) + j] + value : value;
                    }
                }
            }
        }
    }
}
