using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>
/// Puts each point's label at the first of several places around it that covers no point, no other label and no border; a label that
/// finds none takes the place that covers least. From a label that lies apart a thin line leads to its point.
/// </summary>
internal sealed class LabelPlacement(AxisLimits limits, float width, float height)
{
    private const float Line = 16, PointRadius = 8, MostWidth = 260;

    // Distance from which a reader needs the line.
    private const float Apart = 32;

    private static readonly (float Dx, float Dy, int Side)[] s_places =
    [
        (12, 0, 1), (0, -17, 0), (-12, 0, -1), (0, 17, 0), (12, -15, 1), (12, 15, 1), (-12, -15, -1), (-12, 15, -1),
        (0, -34, 0), (0, 34, 0), (12, -32, 1), (12, 32, 1), (-12, -32, -1), (-12, 32, -1), (0, -51, 0), (0, 51, 0),
        (12, -51, 1), (12, 51, 1), (-12, -51, -1), (-12, 51, -1), (0, -68, 0), (0, 68, 0), (12, -68, 1), (-12, -68, -1), (0, -85, 0), (12, -85, 1), (-12, -85, -1), (0, -102, 0),
    ];

    private readonly List<(float Left, float Top, float Right, float Bottom)> _taken = [];

    /// <summary>Labels keep off a polyline.</summary>
    public void KeepOff(IReadOnlyList<ParetoPoint> line)
    {
        for (int i = 1; i < line.Count; i++) Along(Pixel(line[i - 1]), Pixel(line[i]));
    }

    /// <summary>Labels keep off a text that stands at a point already.</summary>
    /// <param name="alignment">Of the text at the point.</param>
    public void KeepOff(string text, double x, double y, Alignment alignment, float dx, float dy)
    {
        (float left, float top) = Pixel(new ParetoPoint(text, x, y, Palette.Ink, 0, IsRanked: true));
        int side = alignment switch { Alignment.MiddleLeft => 1, Alignment.MiddleRight => -1, _ => 0 };
        _taken.Add(Box(left, top, PlotFont.Measure(text, PlotFactory.TickSize), (dx, dy, side)));
    }

    /// <summary>Writes the labels in the order of the points.</summary>
    /// <param name="onlyFree">Leaves out a label that has no room beside its point; points stay. Those that come first find room.</param>
    /// <returns>How many were left out.</returns>
    public int Write(Plot plot, IReadOnlyList<ParetoPoint> points, bool onlyFree = false)
    {
        int left = 0;
        foreach (ParetoPoint point in points)
        {
            (float x, float y) = Pixel(point);
            _taken.Add((x - PointRadius, y - PointRadius, x + PointRadius, y + PointRadius));
        }
        foreach (ParetoPoint point in points)
        {
            string text = PlotFont.Fit(point.Label, PlotFactory.TickSize, MostWidth);
            float length = PlotFont.Measure(text, PlotFactory.TickSize);
            (float x, float y) = Pixel(point);
            (float dx, float dy, int side) = s_places.Where(place => !onlyFree || Math.Abs(place.Dy) < Apart).MinBy(place => Overlap(Box(x, y, length, place)));
            if (onlyFree && Overlap(Box(x, y, length, (dx, dy, side))) > 0)
            {
                left++;
                continue;
            }
            _taken.Add(Box(x, y, length, (dx, dy, side)));
            Alignment alignment = side switch { > 0 => Alignment.MiddleLeft, < 0 => Alignment.MiddleRight, _ => Alignment.MiddleCenter };
            if (Math.Abs(dy) >= Apart) Lead(plot, point, x + dx, y + dy - (Math.Sign(dy) * Line / 2));
            PlotFactory.Note(plot, text, point.X, point.Y, point.IsRanked ? Palette.Ink : Palette.Muted, alignment, dx, dy);
        }
        return left;
    }

    private (float X, float Y) Pixel(ParetoPoint point) =>
        ((float)((point.X - limits.Left) / (limits.Right - limits.Left) * width), (float)((limits.Top - point.Y) / (limits.Top - limits.Bottom) * height));

    private void Lead(Plot plot, ParetoPoint point, float x, float y)
    {
        ScottPlot.Plottables.LinePlot lead = plot.Add.Line(point.X, point.Y,
            limits.Left + (x / width * (limits.Right - limits.Left)), limits.Top - (y / height * (limits.Top - limits.Bottom)));
        lead.LineColor = Palette.Muted;
        lead.LineWidth = 1;
        lead.MarkerSize = 0;
    }

    private void Along((float X, float Y) from, (float X, float Y) to)
    {
        const float Step = 6, Half = 3;
        int steps = (int)Math.Ceiling(Math.Sqrt(Math.Pow(to.X - from.X, 2) + Math.Pow(to.Y - from.Y, 2)) / Step);
        for (int i = 0; i <= steps; i++)
        {
            float x = from.X + ((to.X - from.X) * i / Math.Max(1, steps)), y = from.Y + ((to.Y - from.Y) * i / Math.Max(1, steps));
            _taken.Add((x - Half, y - Half, x + Half, y + Half));
        }
    }

    private static (float Left, float Top, float Right, float Bottom) Box(float x, float y, float length, (float Dx, float Dy, int Side) place)
    {
        float left = place.Side switch { > 0 => x + place.Dx, < 0 => x + place.Dx - length, _ => x - (length / 2) };
        return (left, y + place.Dy - (Line / 2), left + length, y + place.Dy + (Line / 2));
    }

    // Square pixels covered; outside of the plot counts tenfold, because there a label is cut.
    private float Overlap((float Left, float Top, float Right, float Bottom) box)
    {
        float covered = 0;
        foreach (var other in _taken)
        {
            float across = Math.Min(box.Right, other.Right) - Math.Max(box.Left, other.Left), down = Math.Min(box.Bottom, other.Bottom) - Math.Max(box.Top, other.Top);
            if (across > 0 && down > 0) covered += across * down;
        }
        float outside = Math.Max(0, -box.Left) + Math.Max(0, box.Right - width) + Math.Max(0, -box.Top) + Math.Max(0, box.Bottom - height);
        return covered + (outside * 10 * Line);
    }
}
