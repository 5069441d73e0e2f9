namespace EdgeBench.Kernels.Dense;

/// <summary>One tile of C: where its factors lie, and what its sums start from.</summary>
internal sealed unsafe partial class TiledProduct<TTile>
{
    private void One(int row, int column, int inner, int k, float* edgeOfA, float* edgeOfB)
    {
        float* a = edgeOfA, b = edgeOfB;
        nint rowStride = 1, innerStride = TTile.Rows, stepOfB = TTile.Columns;
        if (_packsA)
        {
            a = _a + ((nint)row * _depth) + ((nint)inner * TTile.Rows);
        }
        else if (edgeOfA == null)
        {
            Operand from = _product.A;
            (rowStride, innerStride) = from.InnerMajor ? (1, from.Stride) : (from.Stride, 1);
            a = from.Data + ((_row + row) * rowStride) + ((_start + inner) * innerStride);
        }
        if (_packsB)
        {
            b = _b + ((nint)column * _depth) + ((nint)inner * TTile.Columns);
        }
        else if (edgeOfB == null)
        {
            stepOfB = _product.B.Stride;
            b = _product.B.Data + ((_start + inner) * stepOfB) + _column + column;
        }
        float* c = _product.C + ((nint)(_row + row) * _product.CStride) + _column + column;
        float* seed = c;
        nint seedStride = _product.CStride;
        if (_start + inner == 0)
        {
            seedStride = _product.StrideOfSeed;
            seed = _product.Seed == null ? null : _product.Seed + ((_row + row) * seedStride) + _column + column;
        }
        int rows = Math.Min(TTile.Rows, _rows - row), columns = Math.Min(TTile.Columns, _columns - column);
        if (rows == TTile.Rows && columns == TTile.Columns)
        {
            TTile.Multiply(a, rowStride, innerStride, b, stepOfB, k, c, _product.CStride, seed, seedStride);
            return;
        }
        float* whole = stackalloc float[TTile.Rows * TTile.Columns];
        TTile.Multiply(a, rowStride, innerStride, b, stepOfB, k, whole, TTile.Columns, null, 0);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float value = whole[(i * TTile.Columns) + j];
                c[((nint)i * _product.CStride) + j] = seed == null ? value : seed[(i * seedStride) + j] + value;
            }
        }
    }
}
