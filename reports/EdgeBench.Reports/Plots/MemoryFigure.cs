using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>What the peak resident set is made of: weights, KV cache, the rest.</summary>
internal static class MemoryFigure
{
    private const double MiB = 1 << 20;

    private static readonly Color s_weights = Palette.Series(0), s_cache = Palette.Series(1), s_rest = Palette.Series(4);

    public static Figure Create(string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes)
    {
        IReadOnlyList<ChartRow> rows = ChartRows.Of(cells, recipes, withThreads: false);
        KeyEntry[] key =
        [
            new("weights", s_weights, MarkerShape.FilledSquare), new("KV cache", s_cache, MarkerShape.FilledSquare),
            new("rest of the process", s_rest, MarkerShape.FilledSquare), new("peak RSS", Palette.Ink, MarkerShape.VerticalBar),
        ];
        return new Figure(FigureKind.Memory, name, "Memory (lower is better)", ChartRows.Subtitle(cells, withTest: false, withThreads: false), Caption, Alt(rows), key,
            RowPlot.Height(rows.Count), () => Compose(rows));
    }

    private const string Caption =
        "For each recipe and backend its speed cell with the largest peak RSS. Rest: peak RSS minus weights and KV cache; none is drawn where the peak is smaller than both "
        + "(mapped pages that were never touched). Quality cells are left out: their process also holds the reference. Hollow: invalid, never ranked.";

    private static string Alt(IReadOnlyList<ChartRow> rows) =>
        "Memory: " + string.Join("; ", rows.Select(row => $"{row.Label}: weights {Text(row, MetricRegistry.WeightBytes)}, KV cache {Text(row, MetricRegistry.KvBytes)}, peak RSS {Text(row, MetricRegistry.PeakRss)}{row.Mark}"));

    private static string Text(ChartRow row, Metric metric) => row.Cell.Find(metric) is { } estimate ? MetricText.Bytes(estimate.Value) : "unknown";

    private static IReadOnlyList<PlacedPlot> Compose(IReadOnlyList<ChartRow> rows)
    {
        RowPlot plot = new(rows, "memory (MiB)");
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Cell.Find(MetricRegistry.PeakRss) is null && rows[i].Cell.Find(MetricRegistry.WeightBytes) is null)
                plot.Missing(i, 0);
            else
                Row(plot, i, rows[i]);
        }
        plot.Limits(0);
        return plot.Placed;
    }

    private static void Row(RowPlot plot, int i, ChartRow row)
    {
        double weights = (row.Cell.Find(MetricRegistry.WeightBytes)?.Value ?? 0) / MiB, cache = (row.Cell.Find(MetricRegistry.KvBytes)?.Value ?? 0) / MiB;
        double? peak = row.Cell.Find(MetricRegistry.PeakRss)?.Value / MiB;
        double end = Math.Max(weights + cache, peak ?? 0);
        plot.Box(i, 0, weights, s_weights);
        plot.Box(i, weights, weights + cache, s_cache);
        if (end > weights + cache) plot.Box(i, weights + cache, end, s_rest);
        if (peak is { } x) plot.Tick(i, x, row.IsRanked ? Palette.Ink : Palette.Muted, 0.72);
        plot.Value(i, end, (peak is { } known ? MetricText.Bytes(known * MiB) : "peak unknown") + row.Mark);
    }
}
