using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>A measured artifact as a point: cost or speed along x, quality along y.</summary>
/// <param name="Backend">Whom the shape stands for, or null where it stands for the label's recipe.</param>
internal sealed record ParetoPoint(string Label, double X, double Y, Color Color, int Shape, bool IsRanked, string? Backend = null);

/// <summary>Points with the front of those that no other point beats in both.</summary>
internal static class ParetoFigure
{
    private const int BodyHeight = 430;

    private static readonly PixelRect s_place = new(8, Figure.Width - 8, BodyHeight, 0);

    private static readonly PixelPadding s_padding = new(86, 24, 56, 10);

    public static Figure Create(FigureKind kind, string name, string title, string subtitle, Metric x, Metric y, IReadOnlyList<ParetoPoint> points)
    {
        KeyEntry[] key =
        [
            new("front: no other point is better in both", Palette.Ink, MarkerShape.HorizontalBar),
            .. points.Where(point => point is { IsRanked: true, Backend: not null }).DistinctBy(point => point.Backend).OrderBy(point => point.Shape)
                .Select(point => new KeyEntry(point.Backend!, Palette.Ink, Palette.Marker(point.Shape))),
            .. points.Any(point => !point.IsRanked) ? [new KeyEntry("invalid, never on the front", Palette.Muted, MarkerShape.OpenCircle)] : Array.Empty<KeyEntry>(),
        ];
        string alt = $"{MetricText.Heading(y)} over {MetricText.Heading(x)}: "
            + string.Join("; ", points.Select(point => $"{point.Label}{(point.Backend is null ? "" : $" on {point.Backend}")}: {MetricText.Number(x, point.X)}, {MetricText.Number(y, point.Y)}{(point.IsRanked ? "" : " (invalid)")}"));
        string caption = $"Each point is one artifact; {x.Label}: {MetricText.Direction(x)}, {y.Label}: {MetricText.Direction(y)}. The line joins the points that no other beats in both. "
            + "Vertical errors are not drawn: all points score the same text or items, so the paired figures (ln PPL ratio; item by item) tell whether two differ.";
        return new Figure(kind, name, title, subtitle, caption, alt, key, BodyHeight, () => Compose(x, y, points));
    }

    private static IReadOnlyList<PlacedPlot> Compose(Metric x, Metric y, IReadOnlyList<ParetoPoint> points)
    {
        double Scale(Metric metric, double value) => metric.Unit == "B" ? value / (1 << 20) : value;
        ParetoPoint[] drawn = [.. points.Select(point => point with { X = Scale(x, point.X), Y = Scale(y, point.Y) })];
        Plot plot = PlotFactory.Create();
        plot.Axes.Bottom.Label.Text = $"{MetricText.Heading(x)}, {MetricText.Direction(x)}";
        plot.Axes.Left.Label.Text = $"{MetricText.Heading(y)}, {MetricText.Direction(y)}";
        plot.Axes.Left.Label.OffsetX = -12;
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { TickDensity = 0.5 };
        plot.Layout.Fixed(s_padding);
        (double left, double right) = Range(drawn.Select(point => point.X), 0.12);
        (double bottom, double top) = Range(drawn.Select(point => point.Y), 0.16);
        plot.Axes.SetLimits(Math.Max(0, left), right, Math.Max(0, bottom), top);
        ParetoPoint[] front = Front(drawn, x, y);
        if (front.Length > 1)
        {
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(front.Select(point => point.X).ToArray(), front.Select(point => point.Y).ToArray(), Palette.Ink);
            line.LineWidth = 1.8f;
            line.MarkerSize = 0;
        }
        foreach (ParetoPoint point in drawn)
        {
            ScottPlot.Plottables.Marker marker = plot.Add.Marker(point.X, point.Y, point.IsRanked ? Palette.Marker(point.Shape) : MarkerShape.OpenCircle, 13,
                point.IsRanked ? point.Color : Palette.Muted);
            marker.MarkerStyle.LineWidth = 2;
        }
        LabelPlacement placement = new(plot.Axes.GetLimits(), s_place.Width - s_padding.Left - s_padding.Right, BodyHeight - s_padding.Top - s_padding.Bottom);
        placement.KeepOff(front);
        placement.Write(plot, drawn);
        return [new PlacedPlot(plot, s_place)];
    }

    private static ParetoPoint[] Front(ParetoPoint[] points, Metric x, Metric y)
    {
        ParetoPoint[] ranked = [.. points.Where(point => point.IsRanked)];
        bool higherX = x.Direction == Core.Metrics.Direction.HigherIsBetter, higherY = y.Direction == Core.Metrics.Direction.HigherIsBetter;
        return [.. ParetoFront.Of([.. ranked.Select(point => (point.X, point.Y))], higherX, higherY).Select(i => ranked[i])];
    }

    private static (double Low, double High) Range(IEnumerable<double> values, double margin)
    {
        double[] all = [.. values];
        double low = all.Min(), high = all.Max(), span = Math.Max(high - low, Math.Abs(high) * 0.02);
        if (span == 0) span = 1;
        return (low - (span * margin), high + (span * margin));
    }
}
