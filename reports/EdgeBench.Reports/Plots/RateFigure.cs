using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Plots;

/// <summary>Bars from zero with 95 % intervals: prefill and decode speed, energy.</summary>
internal static class RateFigure
{
    private const string SpeedCaption =
        "Bar: median over all repetitions. Line with caps: its 95 % bootstrap interval over sessions and repetitions. Hollow: invalid, never ranked.";

    public static Figure OfSpeed(FigureKind kind, Metric metric, string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes) =>
        Create(kind, metric, name, $"{char.ToUpperInvariant(metric.Label[0])}{metric.Label[1..]} speed ({MetricText.Direction(metric)})", SpeedCaption, cells, recipes, _ => null);

    /// <param name="missing">Why a cell has no such figure; null for its first reason.</param>
    public static Figure Create(
        FigureKind kind, Metric metric, string name, string title, string caption, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes, Func<ReportCell, string?> missing)
    {
        IReadOnlyList<ChartRow> rows = ChartRows.Of(cells, recipes);
        return new Figure(kind, name, title, ChartRows.Subtitle(cells), caption, Alt(metric, rows), [], RowPlot.Height(rows.Count), () => Compose(metric, rows, missing));
    }

    private static string Alt(Metric metric, IReadOnlyList<ChartRow> rows) =>
        $"{metric.Label} in {MetricText.Unit(metric)}: " + string.Join("; ", rows.Select(row => row.Cell.Find(metric) is { } estimate
            ? $"{row.Label} {MetricText.WithInterval(estimate)}{row.Mark}" : $"{row.Label} no figure"));

    private static IReadOnlyList<PlacedPlot> Compose(Metric metric, IReadOnlyList<ChartRow> rows, Func<ReportCell, string?> missing)
    {
        RowPlot plot = new(rows, MetricText.Heading(metric));
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Cell.Find(metric) is not { } estimate)
            {
                plot.Missing(i, 0, missing(rows[i].Cell));
                continue;
            }
            double right = plot.Bar(i, estimate, rows[i].Color, rows[i].IsRanked ? Palette.Ink : Palette.Muted);
            plot.Value(i, right, MetricText.Number(metric, estimate.Value) + rows[i].Mark);
        }
        plot.Limits(0);
        return plot.Placed;
    }
}
