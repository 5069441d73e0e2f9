using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>
/// Kernels under the roofs of their machine: operations a second over operations for each byte, both logarithmic. Source: S. Williams, A. Waterman, D. Patterson,
/// "Roofline: An Insightful Visual Performance Model for Multicore Architectures", CACM 52(4), 2009.
/// </summary>
internal static class RooflineFigure
{
    private const int BodyHeight = 520;

    private const string Caption =
        "Each point is one product of a weight matrix from memory with some rows of activations: columns x rows of the matrix, then rows of activations. Slanted: the probed read bandwidth; level: the probed compute peaks, all from loops that do nothing else, "
        + "run just before and after each kernel. The nearest roof above a point is what could still be gained. Points that have no room for a label beside them have none, those farthest from their roof and nearest to it come first; every figure is in the table.";

    private static readonly PixelRect s_place = new(8, Figure.Width - 8, BodyHeight, 0);

    private static readonly PixelPadding s_padding = new(76, 24, 56, 10);

    private static readonly float s_width = s_place.Width - s_padding.Left - s_padding.Right, s_height = BodyHeight - s_padding.Top - s_padding.Bottom;

    public static Figure Create(string name, IReadOnlyList<ReportCell> cells)
    {
        string[] formats = [.. cells.Select(cell => cell.Stored.Recipe).Distinct()];
        int[] kinds = [.. cells.Select(Shape).Distinct().Order()];
        ParetoPoint[] points = [.. cells.OrderBy(cell => Array.IndexOf(formats, cell.Stored.Recipe)).Select(cell => Point(cell, Array.IndexOf(formats, cell.Stored.Recipe)))];
        IReadOnlyList<Roof> roofs = Rooflines.Of(cells);
        KeyEntry[] key =
        [
            .. formats.Select((format, i) => new KeyEntry(format, Palette.Series(i), MarkerShape.FilledSquare)),
            .. kinds.Select(kind => new KeyEntry(kind == 0 ? "few rows (decode)" : "many rows (prefill)", Palette.Ink, Marker(kind))),
            .. points.Any(point => !point.IsRanked) ? [new KeyEntry("invalid", Palette.Muted, MarkerShape.OpenCircle)] : Array.Empty<KeyEntry>(),
        ];
        string alt = $"GOP/s over operations for each byte. Roofs: {string.Join(", ", roofs.Select(Words))}. "
            + string.Join("; ", points.Select(point => $"{point.Backend} {point.Label}: {Math.Pow(10, point.Y):0.0} GOP/s at {Math.Pow(10, point.X):0.0} OP/B"));
        return new Figure(FigureKind.Roofline, name, "Kernels under the roofs of memory and processor", Subtitle(cells[0]), Caption, alt, key, BodyHeight, () => Compose(points, roofs));
    }

    private static string Subtitle(ReportCell cell) =>
        $"{cell.Stored.Model} · {cell.Stored.Backend} · {(cell.Stored.Threads == 1 ? "1 thread" : $"{cell.Stored.Threads} threads")} · device {cell.Stored.Device} · tier {cell.Stored.Tier.ToString().ToLowerInvariant()}";

    private static ParetoPoint Point(ReportCell cell, int format) => new(cell.Stored.Test, Math.Log10(Rooflines.Intensity(cell)),
        Math.Log10(cell.Find(MetricRegistry.OperationRate)!.Value), Palette.Series(format), Shape(cell), cell.IsRanked, cell.Stored.Recipe);

    // A product with few rows streams its weights, one with many computes.
    private static int Shape(ReportCell cell) => Rooflines.Intensity(cell) < 32 ? 0 : 1;

    private static MarkerShape Marker(int shape) => shape == 0 ? MarkerShape.FilledCircle : MarkerShape.FilledDiamond;

    private static string Words(Roof roof) => $"{roof.Label} {roof.Rate:0.#} {(roof.IsRead ? "GB/s" : "GOP/s")}";

    private static IReadOnlyList<PlacedPlot> Compose(ParetoPoint[] points, IReadOnlyList<Roof> roofs)
    {
        Plot plot = PlotFactory.Create();
        plot.Axes.Bottom.Label.Text = "operations for each byte (OP/B)";
        plot.Axes.Left.Label.Text = "operations (GOP/s), higher is better";
        plot.Layout.Fixed(s_padding);
        double left = points.Min(point => point.X) - 0.35, right = points.Max(point => point.X) + 0.35;
        double bandwidth = Math.Log10(roofs[0].Rate), top = roofs.Skip(1).Select(roof => Math.Log10(roof.Rate)).Max() + 0.3;
        // To where the slanted roof meets the highest of the level ones, so that both are seen.
        right = Math.Max(right, top - 0.3 - bandwidth + 0.5);
        double bottom = Math.Min(points.Min(point => point.Y) - 0.3, bandwidth + left);
        top = Math.Max(top, points.Max(point => point.Y) + 0.2);
        plot.Axes.SetLimits(left, right, bottom, top);
        plot.Axes.Bottom.TickGenerator = PlotFactory.LogTicks(Math.Pow(10, left), Math.Pow(10, right));
        plot.Axes.Left.TickGenerator = PlotFactory.LogTicks(Math.Pow(10, bottom), Math.Pow(10, top));
        LabelPlacement placement = new(plot.Axes.GetLimits(), s_width, s_height);
        foreach (Roof roof in roofs) Draw(plot, placement, roof, bandwidth, roofs.Skip(1).Max(one => Math.Log10(one.Rate)));
        foreach (ParetoPoint point in points)
        {
            ScottPlot.Plottables.Marker marker = plot.Add.Marker(point.X, point.Y, point.IsRanked ? Marker(point.Shape) : MarkerShape.OpenCircle, 10, point.IsRanked ? point.Color : Palette.Muted);
            marker.MarkerStyle.LineWidth = 1.5f;
        }
        placement.Write(plot, Ordered(points, roofs), onlyFree: true);
        return [new PlacedPlot(plot, s_place)];
    }

    // Farthest from the roof, nearest, second farthest …: both ends tell most.
    private static ParetoPoint[] Ordered(ParetoPoint[] points, IReadOnlyList<Roof> roofs)
    {
        double bandwidth = Math.Log10(roofs[0].Rate), peak = roofs.Skip(1).Max(roof => Math.Log10(roof.Rate));
        ParetoPoint[] sorted = [.. points.OrderBy(point => point.Y - Math.Min(peak, bandwidth + point.X))];
        return [.. Enumerable.Range(0, sorted.Length).Select(i => i % 2 == 0 ? sorted[i / 2] : sorted[^((i / 2) + 1)])];
    }

    private static void Draw(Plot plot, LabelPlacement placement, Roof roof, double bandwidth, double highest)
    {
        AxisLimits limits = plot.Axes.GetLimits();
        double rate = Math.Log10(roof.Rate), ridge = (roof.IsRead ? highest : rate) - bandwidth;
        (double X, double Y)[] ends = roof.IsRead ? [(limits.Left, bandwidth + limits.Left), (ridge, highest)] : [(ridge, rate), (limits.Right, rate)];
        ScottPlot.Plottables.Scatter line = plot.Add.Scatter(ends.Select(end => end.X).ToArray(), ends.Select(end => end.Y).ToArray(), Palette.Ink);
        line.LineWidth = 1.8f;
        line.MarkerSize = 0;
        placement.KeepOff([.. ends.Select(end => new ParetoPoint("", end.X, end.Y, Palette.Ink, 0, IsRanked: true))]);
        if (roof.IsRead)
        {
            // Above the line, at a third of its way, and turned with it.
            double x = limits.Left + ((ridge - limits.Left) * 0.35), pixels = s_height / (limits.Top - limits.Bottom) / (s_width / (limits.Right - limits.Left));
            ScottPlot.Plottables.Text text = Note(plot, roof, x, bandwidth + x, Alignment.LowerCenter, -6);
            text.LabelRotation = (float)(-Math.Atan(pixels) * 180 / Math.PI);
            // The turned text lies along the line, a little above it.
            double half = PlotFont.Measure(Words(roof), PlotFactory.TickSize) / 2 / s_width * (limits.Right - limits.Left) * Math.Cos(Math.Atan(pixels)), above = 12 / s_height * (limits.Top - limits.Bottom);
            placement.KeepOff([.. new[] { -half, half }.Select(dx => new ParetoPoint("", x + dx, bandwidth + x + dx + above, Palette.Ink, 0, IsRanked: true))]);
            return;
        }
        Note(plot, roof, limits.Right, rate, Alignment.MiddleRight, -10);
        placement.KeepOff(Words(roof), limits.Right, rate, Alignment.MiddleRight, 0, -10);
    }

    private static ScottPlot.Plottables.Text Note(Plot plot, Roof roof, double x, double y, Alignment alignment, float dy)
    {
        PlotFactory.Note(plot, Words(roof), x, y, Palette.Ink, alignment, 0, dy);
        return plot.GetPlottables<ScottPlot.Plottables.Text>().Last();
    }
}
