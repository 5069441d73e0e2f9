using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Adds the lower triangle of XᵀX to float64 sums: rows in batches of at most <see cref="Gram.BatchRows"/>, each packed once as both factors; a tile's
/// float32 sum goes straight from registers into the float64 one.
/// </summary>
internal static unsafe class PackedGram<TTile>
    where TTile : struct, ITile
{
    // Tiles and panels of one item of work.
    private const int TilesPerItem = 8, PanelsPerItem = 4;

    public static void AddLower(float* x, int rows, int width, double* h, int threads)
    {
        int tiles = (width + TTile.Rows - 1) / TTile.Rows, panels = (width + TTile.Columns - 1) / TTile.Columns, most = Math.Min(rows, Gram.BatchRows);
        using Workspace packedA = new((long)tiles * TTile.Rows * most), packedB = new((long)panels * TTile.Columns * most);
        float* a = packedA.Data, b = packedB.Data;
        int down = (tiles + TilesPerItem - 1) / TilesPerItem, across = (panels + PanelsPerItem - 1) / PanelsPerItem;
        for (int first = 0; first < rows; first += most)
        {
            int start = first, count = Math.Min(most, rows - first);
            Operand columns = Operand.Transposed(x, width);
            Team.Run(threads, tiles + panels, item =>
            {
                if (item < tiles) Panel.Pack(columns, item * TTile.Rows, Math.Min(TTile.Rows, width - (item * TTile.Rows)), TTile.Rows, start, count, a + ((nint)item * TTile.Rows * count));
                else Panel.Pack(columns, (item - tiles) * TTile.Columns, Math.Min(TTile.Columns, width - ((item - tiles) * TTile.Columns)), TTile.Columns, start, count, b + ((nint)(item - tiles) * TTile.Columns * count));
            });
            Team.Run(threads, down * across, item =>
            {
                int firstTile = item / across * TilesPerItem, firstPanel = item % across * PanelsPerItem;
                for (int panel = firstPanel; panel < Math.Min(firstPanel + PanelsPerItem, panels); panel++)
                {
                    for (int tile = firstTile; tile < Math.Min(firstTile + TilesPerItem, tiles); tile++)
                        AddTile(a + ((nint)tile * TTile.Rows * count), b + ((nint)panel * TTile.Columns * count), count, tile * TTile.Rows, panel * TTile.Columns, width, h);
                }
            });
        }
    }

    private static void AddTile(float* a, float* b, int count, int row, int column, int width, double* h)
    {
        // Wholly above the diagonal.
        if (column >= row + TTile.Rows) return;
        float* sums = stackalloc float[TTile.Rows * TTile.Columns];
        TTile.Multiply(a, 1, TTile.Rows, b, TTile.Columns, count, sums, TTile.Columns, null, 0);
        for (int i = 0; i < TTile.Rows && row + i < width; i++)
        {
            float* source = sums + (i * TTile.Columns);
            double* target = h + ((nint)(row + i) * width) + column;
            int j = 0, end = Math.Min(TTile.Columns, row + i + 1 - column);
            for (; j + 8 <= end; j += 8)
            {
                (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(source + j));
                (low + Vector256.Load(target + j)).Store(target + j);
                (high + Vector256.Load(target + j + 4)).Store(target + j + 4);
            }
            for (; j < end; j++) target[j] += source[j];
        }
    }
}
