using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;
using EdgeBench.Statistics;
using EdgeBench.Statistics.Estimators;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>The distribution of inter-token latency: every gap, as box, range and tail.</summary>
internal static class LatencyFigure
{
    // Beyond this ratio of largest to smallest gap a linear axis squeezes the boxes into lines.
    private const double LogarithmicFrom = 6;

    public static Figure Create(string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes)
    {
        IReadOnlyList<ChartRow> rows = ChartRows.Of(cells, recipes);
        KeyEntry[] key =
        [
            new("p25 to p75", Palette.Series(0), MarkerShape.FilledSquare), new("p50", Palette.Ink, MarkerShape.VerticalBar),
            new($"p99 (from {PercentileSupport.P99} gaps on)", Palette.Ink, MarkerShape.FilledDiamond), new("smallest to largest gap", Palette.Muted, MarkerShape.HorizontalBar),
        ];
        return new Figure(FigureKind.InterTokenLatency, name, "Inter-token latency (lower is better)", ChartRows.Subtitle(cells), Caption,
            Alt(rows), key, RowPlot.Height(rows.Count), () => Compose(rows));
    }

    private const string Caption =
        "Every gap between two output tokens of all sessions. Where the largest gap is over 6 times the smallest of the page, the axis is logarithmic. Hollow: invalid, never ranked.";

    private static string Alt(IReadOnlyList<ChartRow> rows) =>
        "ITL in ms, p50 / p90 / p99: " + string.Join("; ", rows.Select(row => row.Cell.Find(MetricRegistry.Itl) is { } estimate
            ? $"{row.Label} {MetricText.Percentiles(estimate)}{row.Mark}" : $"{row.Label} no figure"));

    private static IReadOnlyList<PlacedPlot> Compose(IReadOnlyList<ChartRow> rows)
    {
        double[][] gaps = [.. rows.Select(row => SampleSet.Of(MetricRegistry.Itl.Source, row.Cell.Stored.Trials).Sorted)];
        double low = gaps.Where(values => values.Length > 0).Select(values => values[0]).DefaultIfEmpty(1).Min();
        double high = gaps.Where(values => values.Length > 0).Select(values => values[^1]).DefaultIfEmpty(10).Max();
        bool log = low > 0 && high / low > LogarithmicFrom;
        double X(double value) => log ? Math.Log10(value) : value;
        RowPlot plot = new(rows, MetricText.Heading(MetricRegistry.Itl) + (log ? ", logarithmic" : ""));
        double left = log ? Math.Log10(low) - 0.05 : 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Cell.Find(MetricRegistry.Itl) is not { Percentiles: { } p }) plot.Missing(i, left);
            else Row(plot, i, rows[i], gaps[i], p, X);
        }
        plot.Limits(left);
        if (log) plot.Plot.Axes.Bottom.TickGenerator = PlotFactory.LogTicks(Math.Pow(10, left), high);
        return plot.Placed;
    }

    private static void Row(RowPlot plot, int row, ChartRow cell, double[] sorted, Percentiles p, Func<double, double> x)
    {
        Color ink = cell.IsRanked ? Palette.Ink : Palette.Muted;
        plot.Whisker(row, x(sorted[0]), x(sorted[^1]), Palette.Muted, cap: 0.18);
        plot.Box(row, x(Quantile.OfSorted(sorted, 0.25)), x(Quantile.OfSorted(sorted, 0.75)), cell.Color);
        plot.Tick(row, x(p.P50), ink);
        if (p.P99 is { } tail) plot.Plot.Add.Marker(x(tail), plot.Y(row), MarkerShape.FilledDiamond, 10, ink);
        string text = MetricText.Number(MetricRegistry.Itl, p.P50);
        plot.Value(row, x(sorted[^1]), (p.P99 is { } p99 ? $"p50 {text}, p99 {MetricText.Number(MetricRegistry.Itl, p99)}" : $"p50 {text}") + cell.Mark);
    }
}
