using EdgeBench.Compression.Grids;

namespace EdgeBench.Compression.Gptq;

/// <summary>
/// GPTQ (Frantar, Ashkboos, Hoefler, Alistarh: arXiv 2210.17323): columns are rounded one after the other, and what rounding lost is made up for by
/// the columns that are still to come, by the inverse Hessian of the layer's squared output error. Here rows are worked on a tile at a time and
/// corrections are gathered when a column is reached, which is the paper's lazy batch update with another order of summation.
/// </summary>
internal sealed class GptqSolver(InverseFactor factor, LevelGrid grid, ScaleRule rule, ColumnOrder order, ReadOnlyMemory<float> importance)
{
    // Steps whose corrections are gathered together: a group, or part of a row.
    private const int Chunk = 32;

    /// <summary>Solves for one matrix [rows, columns], whose inputs the factor describes.</summary>
    /// <param name="fixedScales">Scales [rows, groups] of consecutive groups to use instead of fitting them, or null.</param>
    public QuantisedMatrix Solve(ReadOnlyMemory<float> weights, int rows, CancellationToken cancellation, GroupScale[]? fixedScales = null)
    {
        int columns = factor.Size, tiles = (rows + RowTile.Rows - 1) / RowTile.Rows;
        int[]? groupOf = null;
        if (order == ColumnOrder.ActivationRegrouped && grid.Group > 0)
        {
            groupOf = new int[columns];
            for (int step = 0; step < columns; step++) groupOf[factor.Order[step]] = step / grid.Group;
        }
        QuantisedMatrix result = new(grid, rows, columns, groupOf);
        bool early = fixedScales is not null || order == ColumnOrder.ActivationStatic || grid.Group == 0;
        fixedScales?.CopyTo(result.Scales, 0);
        ParallelOptions options = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, tiles, options, () => new TileSolver(factor, result, rule, importance), (tile, _, solver) =>
        {
            int first = tile * RowTile.Rows, count = Math.Min(RowTile.Rows, rows - first);
            ReadOnlySpan<float> part = weights.Span.Slice(first * columns, count * columns);
            if (early && fixedScales is null) solver.FitGroups(part, first, count);
            solver.Solve(part, first, count, early, Chunk);
            return solver;
        }, _ => { });
        return result;
    }
}
