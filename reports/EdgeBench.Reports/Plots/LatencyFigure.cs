using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;
using EdgeBench.Statistics;
using EdgeBench.Statistics.Estimators;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>A distribution of times as box, range and tail: of every reading, or, of a program that tells only its own summary, what it tells.</summary>
internal static class LatencyFigure
{
    // Beyond this ratio of largest to smallest reading a linear axis squeezes the boxes into lines.
    private const double LogarithmicFrom = 6;

    /// <summary>Every gap between two output tokens.</summary>
    public static Figure OfTokens(string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes) => Create(
        FigureKind.InterTokenLatency, MetricRegistry.Itl, "Inter-token latency (lower is better)", "gap", "Every gap between two output tokens of all sessions.", name, cells, recipes);

    /// <summary>Inferences of a whole graph.</summary>
    public static Figure OfInferences(string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes) => Create(
        FigureKind.Inference, MetricRegistry.Inference, "Inference latency (lower is better)", "inference",
        "Every inference of all sessions; of programs that tell only a summary of theirs, that: medians over trials.", name, cells, recipes);

    private static Figure Create(
        FigureKind kind, Metric metric, string title, string reading, string what, string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes)
    {
        IReadOnlyList<ChartRow> rows = ChartRows.Of(cells, recipes);
        LatencyRow[] figures = [.. rows.Select(row => LatencyRow.Of(row.Cell, metric))];
        bool read = figures.Any(figure => figure.Read is not null), told = figures.Any(figure => figure.Read is null && figure.Told.Count > 0);
        KeyEntry[] key =
        [
            .. read ? new KeyEntry[] { new("p25 to p75", Palette.Series(0), MarkerShape.FilledSquare) } : [],
            new("p50", Palette.Ink, MarkerShape.VerticalBar),
            new(read ? $"p99 (from {PercentileSupport.P99} readings on)" : "p99", Palette.Ink, MarkerShape.FilledDiamond),
            .. read ? new KeyEntry[] { new($"smallest to largest {reading}", Palette.Muted, MarkerShape.HorizontalBar) } : [],
            .. told ? new KeyEntry[] { new("mean that the program tells", Palette.Ink, MarkerShape.FilledCircle), new("from the least to the largest that it tells", Palette.Series(0), MarkerShape.HorizontalBar) } : [],
        ];
        string caption = $"{what} Where the largest is over {LogarithmicFrom} times the smallest of the page, the axis is logarithmic. Hollow: invalid, never ranked.";
        string alt = $"{metric.Label} in ms: " + string.Join("; ", rows.Select((row, i) => $"{row.Label} {figures[i].Words ?? "no figure"}{(figures[i].Words is null ? "" : row.Mark)}"));
        return new Figure(kind, name, title, ChartRows.Subtitle(cells), caption, alt, key, RowPlot.Height(rows.Count), () => Compose(metric, rows, figures));
    }

    private static IReadOnlyList<PlacedPlot> Compose(Metric metric, IReadOnlyList<ChartRow> rows, LatencyRow[] figures)
    {
        double low = figures.Select(figure => figure.Least).OfType<double>().DefaultIfEmpty(1).Min();
        double high = figures.Select(figure => figure.Largest).OfType<double>().DefaultIfEmpty(10).Max();
        bool log = low > 0 && high / low > LogarithmicFrom;
        double X(double value) => log ? Math.Log10(value) : value;
        RowPlot plot = new(rows, MetricText.Heading(metric) + (log ? ", logarithmic" : ""));
        double left = log ? Math.Log10(low) - 0.05 : 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (figures[i].Short is not { } words) plot.Missing(i, left);
            else Row(plot, i, rows[i], figures[i], words + rows[i].Mark, X);
        }
        plot.Limits(left);
        if (log) plot.Plot.Axes.Bottom.TickGenerator = PlotFactory.LogTicks(Math.Pow(10, left), high);
        return plot.Placed;
    }

    private static void Row(RowPlot plot, int row, ChartRow cell, LatencyRow figure, string words, Func<double, double> x)
    {
        Color ink = cell.IsRanked ? Palette.Ink : Palette.Muted;
        double from = x(figure.Least!.Value), to = x(figure.Largest!.Value);
        if (figure.Read is { } read)
        {
            plot.Whisker(row, from, to, Palette.Muted, cap: 0.18);
            plot.Box(row, x(Quantile.OfSorted(figure.Sorted, 0.25)), x(Quantile.OfSorted(figure.Sorted, 0.75)), cell.Color);
            plot.Tick(row, x(read.P50), ink);
            if (read.P99 is { } tail) plot.Marker(row, x(tail), MarkerShape.FilledDiamond, ink);
        }
        else
        {
            plot.Whisker(row, from, to, cell.IsRanked ? cell.Color : Palette.Muted, cap: 0.18);
            foreach ((Metric metric, double value) in figure.Told)
            {
                if (metric == MetricRegistry.InferenceP50) plot.Tick(row, x(value), ink);
                else if (metric == MetricRegistry.InferenceP99) plot.Marker(row, x(value), MarkerShape.FilledDiamond, ink);
                else if (metric == MetricRegistry.InferenceMean) plot.Marker(row, x(value), MarkerShape.FilledCircle, ink);
            }
        }
        plot.Value(row, to, words);
    }
}
