namespace EdgeBench.Compression.Grids;

/// <summary>Each weight to its nearest level, each group with its own scale: round to nearest.</summary>
public static class NearestRounding
{
    /// <param name="weights">[rows, columns].</param>
    /// <param name="importance">Of each column, for <see cref="ScaleRule.Search"/>.</param>
    public static QuantisedMatrix Round(
        LevelGrid grid, ReadOnlyMemory<float> weights, int rows, ScaleRule rule, ReadOnlyMemory<float> importance, CancellationToken cancellation)
    {
        int columns = weights.Length / rows;
        QuantisedMatrix result = new(grid, rows, columns);
        int length = columns / result.Groups;
        Parallel.For(0, rows, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
        {
            ReadOnlySpan<float> values = weights.Span.Slice(row * columns, columns);
            for (int group = 0; group < result.Groups; group++)
            {
                ReadOnlySpan<float> part = values.Slice(group * length, length);
                GroupScale scale = rule.Fit(grid, part, importance.IsEmpty ? default : importance.Span.Slice(group * length, length));
                result.Scales[(row * result.Groups) + group] = scale;
                for (int i = 0; i < length; i++) result.Levels[(row * columns) + (group * length) + i] = (sbyte)scale.Level(part[i], grid.Lowest, grid.Highest);
            }
        });
        return result;
    }
}
