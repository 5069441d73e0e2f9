using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Plots;

/// <summary>Bars from zero with 95 % intervals: prefill and decode speed, energy per token.</summary>
internal static class RateFigure
{
    public static Figure Create(FigureKind kind, Metric metric, string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes) =>
        Create(kind, metric, name, $"{char.ToUpperInvariant(metric.Label[0])}{metric.Label[1..]} speed ({MetricText.Direction(metric)})", Caption, cells, recipes);

    /// <summary>Energy per token of one boundary, which the metric's label names.</summary>
    public static Figure OfEnergy(Metric metric, string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes) =>
        Create(FigureKind.Energy, metric, name, $"{metric.Label}: {MetricText.Direction(metric)}", EnergyCaption, cells, recipes);

    private static Figure Create(FigureKind kind, Metric metric, string name, string title, string caption, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes)
    {
        IReadOnlyList<ChartRow> rows = ChartRows.Of(cells, recipes);
        return new Figure(kind, name, title, ChartRows.Subtitle(cells), caption, Alt(metric, rows), [], RowPlot.Height(rows.Count), () => Compose(metric, rows));
    }

    private const string Caption =
        "Bar: median over all repetitions. Line with caps: its 95 % bootstrap interval over sessions and repetitions. Hollow: invalid, never ranked.";

    private const string EnergyCaption =
        "Bar: median over trials, idle power included. Line with caps: its 95 % bootstrap interval over sessions. Hollow: invalid, never ranked. The boundary says where the meter is.";

    private static string Alt(Metric metric, IReadOnlyList<ChartRow> rows) =>
        $"{metric.Label} in {MetricText.Unit(metric)}: " + string.Join("; ", rows.Select(row => row.Cell.Find(metric) is { } estimate
            ? $"{row.Label} {MetricText.WithInterval(estimate)}{row.Mark}" : $"{row.Label} no figure"));

    private static IReadOnlyList<PlacedPlot> Compose(Metric metric, IReadOnlyList<ChartRow> rows)
    {
        RowPlot plot = new(rows, MetricText.Heading(metric));
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Cell.Find(metric) is not { } estimate)
            {
                plot.Missing(i, 0);
                continue;
            }
            double right = estimate.Value;
            plot.Box(i, 0, estimate.Value, rows[i].Color);
            if (estimate.Interval is { } interval)
            {
                plot.Whisker(i, interval.Low, interval.High, rows[i].IsRanked ? Palette.Ink : Palette.Muted);
                right = Math.Max(right, interval.High);
            }
            plot.Value(i, right, MetricText.Number(metric, estimate.Value) + rows[i].Mark);
        }
        plot.Limits(0);
        return plot.Placed;
    }
}
