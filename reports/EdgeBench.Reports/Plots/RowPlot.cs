using EdgeBench.Reports.Model;
using EdgeBench.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace EdgeBench.Reports.Plots;

/// <summary>A plot with one labelled line per cell, from the top down, and a common horizontal axis.</summary>
internal sealed class RowPlot
{
    private const int RowHeight = 32, AxisHeight = 62, LabelRoom = 250, Right = 20, Gap = 8;

    private readonly IReadOnlyList<ChartRow> _rows;
    private readonly List<(double X, float Room)> _values = [];
    private readonly float _left;

    public RowPlot(IReadOnlyList<ChartRow> rows, string axis)
    {
        _rows = rows;
        Plot.Axes.Bottom.Label.Text = axis;
        Plot.Grid.YAxisStyle.IsVisible = false;
        NumericManual labels = new();
        for (int i = 0; i < rows.Count; i++) labels.AddMajor(Y(i), PlotFont.Fit(rows[i].Label, PlotFactory.TickSize, LabelRoom));
        Plot.Axes.Left.TickGenerator = labels;
        Plot.Axes.Left.MajorTickStyle.Length = 0;
        float widest = rows.Max(row => PlotFont.Measure(PlotFont.Fit(row.Label, PlotFactory.TickSize, LabelRoom), PlotFactory.TickSize));
        _left = widest + 30;
        Plot.Layout.Fixed(new PixelPadding(_left, Right, 52, 6));
    }

    public Plot Plot { get; } = PlotFactory.Create();

    public static int Height(int rows) => AxisHeight + (rows * RowHeight);

    public IReadOnlyList<PlacedPlot> Placed => [new PlacedPlot(Plot, new PixelRect(8, Figure.Width - 8, Height(_rows.Count), 0))];

    // Pixels of the data area.
    private float Wide => Figure.Width - 16 - _left - Right;

    public double Y(int row) => _rows.Count - 1 - row;

    /// <summary>A box from <paramref name="low"/> to <paramref name="high"/>; hollow where the row is not ranked.</summary>
    public void Box(int row, double low, double high, Color color, double height = 0.56)
    {
        ScottPlot.Plottables.Rectangle box = Plot.Add.Rectangle(low, high, Y(row) - (height / 2), Y(row) + (height / 2));
        bool ranked = _rows[row].IsRanked;
        box.FillStyle.Color = ranked ? color : Colors.Transparent;
        box.LineStyle.Color = ranked ? color : Palette.Muted;
        box.LineStyle.Width = ranked ? 0 : 1.5f;
    }

    /// <summary>A figure from zero with its interval; returns where it ends.</summary>
    public double Bar(int row, CellEstimate estimate, Color color, Color ink)
    {
        Box(row, 0, estimate.Value, color);
        if (estimate.Interval is not { } interval) return estimate.Value;
        Whisker(row, interval.Low, interval.High, ink);
        return Math.Max(estimate.Value, interval.High);
    }

    public void Marker(int row, double x, MarkerShape shape, Color color) => Plot.Add.Marker(x, Y(row), shape, 10, color);

    public void Whisker(int row, double low, double high, Color color, double cap = 0.26)
    {
        Line(low, Y(row), high, Y(row), color, 1.8f);
        Line(low, Y(row) - (cap / 2), low, Y(row) + (cap / 2), color, 1.8f);
        Line(high, Y(row) - (cap / 2), high, Y(row) + (cap / 2), color, 1.8f);
    }

    public void Tick(int row, double x, Color color, double height = 0.56, float width = 2.5f) =>
        Line(x, Y(row) - (height / 2), x, Y(row) + (height / 2), color, width);

    public void Value(int row, double x, string text)
    {
        PlotFactory.Note(Plot, text, x, Y(row), _rows[row].IsRanked ? Palette.Ink : Palette.Muted, dx: Gap);
        _values.Add((x, PlotFont.Measure(text, PlotFactory.TickSize) + (2 * Gap)));
    }

    /// <summary>Says at the line's start why it holds no figure; null takes the cell's first reason.</summary>
    public void Missing(int row, double x, string? why = null) =>
        PlotFactory.Note(Plot, PlotFont.FitStart(why is null ? MissingText(_rows[row].Cell) : $"no figure: {why}", PlotFactory.TickSize, Wide - (2 * Gap)), x, Y(row), Palette.Muted, dx: Gap);

    /// <summary>Sets both axes from <paramref name="left"/> on, as far as the values written so far need.</summary>
    public void Limits(double left)
    {
        double right = _values.Select(value => left + ((value.X - left) * Wide / Math.Max(Wide - value.Room, Wide / 4))).DefaultIfEmpty(left + 1).Max();
        Plot.Axes.SetLimits(left, right > left ? right : left + 1, -0.6, _rows.Count - 0.4);
    }

    public static string MissingText(ReportCell cell) =>
        $"no figure: {(cell.Verdict.Reasons.Count > 0 ? cell.Verdict.Reasons[0] : "the trials hold none")}";

    private void Line(double x1, double y1, double x2, double y2, Color color, float width)
    {
        ScottPlot.Plottables.LinePlot line = Plot.Add.Line(x1, y1, x2, y2);
        line.Color = color;
        line.LineWidth = width;
        line.MarkerSize = 0;
    }
}
