namespace EdgeBench.Kernels.Dense;

/// <summary>
/// A matrix product by blocks that fit the caches: panels of both factors are packed, then every thread takes blocks of tiles. Source: K. Goto,
/// R. van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008, with the inner dimension and B in the outer loops.
/// </summary>
internal static unsafe class PackedProduct<TTile>
    where TTile : struct, ITile
{
    // Inner elements of a block: a panel of B (32 columns) and one of A (12 rows) of it together stay within a second-level cache.
    private const int MaxInner = 384;

    // Rows of A, and columns of B, that are packed at once.
    private const int MaxRows = 2304, MaxColumns = 3072;

    // Tiles and panels of one item of work: some 100 KiB of A and 200 KiB of B.
    private const int TilesPerItem = 8, PanelsPerItem = 4;

    public static void Run(in Product given)
    {
        Product product = given;
        if (product.M == 0 || product.N == 0) return;
        int blocks = Math.Max(1, Ceiling(product.K, MaxInner)), inner = Math.Max(1, Ceiling(product.K, blocks));
        int mostRows = Math.Min(Round(product.M, TTile.Rows), MaxRows / TTile.Rows * TTile.Rows);
        int mostColumns = Math.Min(Round(product.N, TTile.Columns), MaxColumns / TTile.Columns * TTile.Columns);
        using Workspace a = new((long)mostRows * inner), b = new((long)mostColumns * inner);
        for (int row = 0; row < product.M; row += mostRows)
        {
            int rows = Math.Min(mostRows, product.M - row);
            for (int start = 0; start < Math.Max(1, product.K); start += inner)
            {
                int k = Math.Min(inner, product.K - start);
                for (int column = 0; column < product.N; column += mostColumns)
                {
                    Block block = new(row, rows, column, Math.Min(mostColumns, product.N - column), start, k, (nint)a.Data, (nint)b.Data);
                    PackBoth(product, block, packA: column == 0);
                    Multiply(product, block);
                }
            }
        }
    }

    private static void PackBoth(Product product, Block block, bool packA)
    {
        int tiles = packA ? Ceiling(block.Rows, TTile.Rows) : 0, panels = Ceiling(block.Columns, TTile.Columns);
        Team.Run(product.Threads, tiles + panels, item =>
        {
            if (item < tiles)
            {
                int row = item * TTile.Rows;
                Panel.Pack(product.A, block.Row + row, Math.Min(TTile.Rows, block.Rows - row), TTile.Rows, block.Start, block.K, block.A + ((nint)row * block.K));
            }
            else
            {
                int column = (item - tiles) * TTile.Columns;
                Panel.Pack(product.B, block.Column + column, Math.Min(TTile.Columns, block.Columns - column), TTile.Columns, block.Start, block.K, block.B + ((nint)column * block.K));
            }
        });
    }

    private static void Multiply(Product product, Block block)
    {
        int tiles = Ceiling(block.Rows, TTile.Rows), panels = Ceiling(block.Columns, TTile.Columns);
        int down = Ceiling(tiles, TilesPerItem), across = Ceiling(panels, PanelsPerItem);
        Team.Run(product.Threads, down * across, item =>
        {
            int firstTile = item % down * TilesPerItem, firstPanel = item / down * PanelsPerItem;
            int lastTile = Math.Min(firstTile + TilesPerItem, tiles), lastPanel = Math.Min(firstPanel + PanelsPerItem, panels);
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                for (int tile = firstTile; tile < lastTile; tile++) One(product, block, tile * TTile.Rows, panel * TTile.Columns);
            }
        });
    }

    private static void One(in Product product, in Block block, int row, int column)
    {
        float* a = block.A + ((nint)row * block.K), b = block.B + ((nint)column * block.K);
        float* c = product.C + ((nint)(block.Row + row) * product.CStride) + block.Column + column;
        bool accumulate = product.Accumulate || block.Start > 0;
        int rows = Math.Min(TTile.Rows, block.Rows - row), columns = Math.Min(TTile.Columns, block.Columns - column);
        if (rows == TTile.Rows && columns == TTile.Columns)
        {
            TTile.Multiply(a, b, block.K, c, product.CStride, accumulate);
            return;
        }
        float* whole = stackalloc float[TTile.Rows * TTile.Columns];
        TTile.Multiply(a, b, block.K, whole, TTile.Columns, accumulate: false);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float value = whole[(i * TTile.Columns) + j];
                c[((nint)i * product.CStride) + j] = accumulate ? c[((nint)i * product.CStride) + j] + value : value;
            }
        }
    }

    private static int Ceiling(int value, int step) => (value + step - 1) / step;

    private static int Round(int value, int step) => Ceiling(value, step) * step;

    /// <summary>Rows of A, columns of C and inner elements in work, and where their panels are packed.</summary>
    private readonly record struct Block(int Row, int Rows, int Column, int Columns, int Start, int K, nint AAddress, nint BAddress)
    {
        public float* A => (float*)AAddress;

        public float* B => (float*)BAddress;
    }
}
