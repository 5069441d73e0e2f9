using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Model;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>Samples over time: one panel for each cell, one colour and shape for each session.</summary>
internal static class TimelineFigure
{
    /// <summary>Panels of one page.</summary>
    public const int PanelsPerPage = 12;

    private const int Columns = 3, PanelWidth = Figure.Width / Columns, PanelHeight = 190;

    // A panel is some 200 pixels wide: more points would only cover each other.
    private const int MostPoints = 240;

    public static Figure Create(string name, Metric metric, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes)
    {
        IReadOnlyList<ChartRow> rows = ChartRows.Of(cells, recipes);
        int[] sessions = [.. cells.SelectMany(cell => cell.Stored.Trials).Select(trial => trial.Session).Distinct().Order().Take(8)];
        KeyEntry[] key = [.. sessions.Select(session => new KeyEntry($"session {session + 1}", Palette.Series(session), Palette.Marker(session)))];
        int height = PanelHeight * ((rows.Count + Columns - 1) / Columns);
        bool thinned = cells.Any(cell => Readings(cell, metric).Any(series => series.Values.Length > MostPoints));
        string reading = metric == MetricRegistry.SustainedRate ? "minute" : "repetition";
        string caption = $"Every {reading} at the time it ended, counted from the start of its trial's process. Each panel has its own vertical scale, at least ±5 % around the middle; a slope is drift, shifted colours are sessions that differ."
            + (thinned ? $" Sessions with more than {MostPoints} repetitions are thinned evenly to about as many." : "");
        return new Figure(FigureKind.Timeline, name, $"Samples over time: {MetricText.Heading(metric)}", ChartRows.Subtitle(cells), caption,
            $"{metric.Label} of every {reading} over time, in {rows.Count} panels: {string.Join("; ", rows.Select(row => row.Label))}. All readings are in samples.csv.",
            key, height, () => [.. rows.Select((row, i) => Panel(row, metric, i))]);
    }

    private static IEnumerable<Series> Readings(ReportCell cell, Metric metric) =>
        cell.Stored.Trials.Where(trial => trial.Outcome.Failure is null).SelectMany(trial => trial.Outcome.Series).Where(series => series.Metric == metric.Source);

    private static PlacedPlot Panel(ChartRow row, Metric metric, int index)
    {
        Plot plot = PlotFactory.Create();
        plot.Title(PlotFont.Fit(row.Label + row.Mark, PlotFactory.TickSize, PanelWidth - 20), PlotFactory.TickSize);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.FontName = PlotFont.Family;
        plot.Axes.Title.Label.ForeColor = row.IsRanked ? Palette.Ink : Palette.Muted;
        plot.Axes.Bottom.Label.Text = "time in trial (s)";
        plot.Axes.Left.Label.Text = MetricText.Unit(metric);
        foreach (StoredTrial trial in row.Cell.Stored.Trials.Where(trial => trial.Outcome.Failure is null)) Points(plot, trial, metric, row.IsRanked);
        Limits(plot, row.Cell, metric);
        plot.Layout.Fixed(new PixelPadding(64, 12, 46, 28));
        int left = index % Columns * PanelWidth, top = index / Columns * PanelHeight;
        return new PlacedPlot(plot, new PixelRect(left + 4, left + PanelWidth - 4, top + PanelHeight - 4, top));
    }

    private static void Points(Plot plot, StoredTrial trial, Metric metric, bool ranked)
    {
        foreach (Series series in trial.Outcome.Series.Where(series => series.Metric == metric.Source))
        {
            int step = Math.Max(1, (series.Values.Length + MostPoints - 1) / MostPoints);
            int[] kept = [.. Enumerable.Range(0, Math.Min(series.Values.Length, series.At.Length)).Where(i => i % step == 0 && double.IsFinite(series.Values[i]))];
            if (kept.Length == 0) continue;
            Color color = ranked ? Palette.Series(trial.Session) : Palette.Muted;
            ScottPlot.Plottables.Scatter scatter = plot.Add.Scatter(kept.Select(i => series.At[i]).ToArray(), kept.Select(i => series.Values[i]).ToArray(), color);
            scatter.LineWidth = 1;
            scatter.MarkerShape = Palette.Marker(trial.Session);
            scatter.MarkerSize = 6;
            scatter.MarkerStyle.LineWidth = 1.5f;
        }
    }

    private static void Limits(Plot plot, ReportCell cell, Metric metric)
    {
        double[] values = [.. Readings(cell, metric).SelectMany(series => series.Values).Where(double.IsFinite)];
        double[] times = [.. Readings(cell, metric).SelectMany(series => series.At).Where(double.IsFinite)];
        if (values.Length == 0 || times.Length == 0)
        {
            plot.Axes.SetLimits(0, 1, 0, 1);
            PlotFactory.Note(plot, PlotFont.FitStart(RowPlot.MissingText(cell), PlotFactory.TickSize, PanelWidth - 92), 0.5, 0.5, Palette.Muted, Alignment.MiddleCenter);
            return;
        }
        double middle = (values.Min() + values.Max()) / 2, half = Math.Max(Math.Abs(middle) * 0.05, (values.Max() - values.Min()) * 0.6);
        plot.Axes.SetLimits(0, times.Max() * 1.05, middle - half, middle + half);
    }
}
