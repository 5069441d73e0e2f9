using ScottPlot;
using ScottPlot.TickGenerators;

namespace EdgeBench.Reports.Plots;

/// <summary>Empty plots in the project's look.</summary>
internal static class PlotFactory
{
    public const float TickSize = 13, LabelSize = 13;

    public static Plot Create()
    {
        Plot plot = new();
        // A figure may hold several plots on one canvas.
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Color(Palette.Muted);
        plot.Axes.FrameColor(Palette.Grid);
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Right.IsVisible = false;
        plot.Grid.MajorLineColor = Palette.Grid;
        plot.Grid.MinorLineColor = Colors.Transparent;
        foreach (IAxis axis in (IAxis[])[plot.Axes.Left, plot.Axes.Bottom])
        {
            axis.TickLabelStyle.FontSize = TickSize;
            axis.TickLabelStyle.FontName = PlotFont.Family;
            axis.TickLabelStyle.ForeColor = Palette.Ink;
            axis.MinorTickStyle.Length = 0;
            axis.MajorTickStyle.Color = Palette.Muted;
        }
        foreach (ScottPlot.AxisPanels.AxisBase axis in (ScottPlot.AxisPanels.AxisBase[])[(ScottPlot.AxisPanels.AxisBase)plot.Axes.Left, (ScottPlot.AxisPanels.AxisBase)plot.Axes.Bottom])
        {
            axis.LabelStyle.FontSize = LabelSize;
            axis.LabelStyle.FontName = PlotFont.Family;
            axis.LabelStyle.Bold = false;
            axis.LabelStyle.ForeColor = Palette.Ink;
        }
        return plot;
    }

    /// <summary>Ticks at round multiples of the powers of ten between two positive values, for an axis in decimal logarithms.</summary>
    public static NumericManual LogTicks(double low, double high)
    {
        NumericManual ticks = new();
        int decades = (int)Math.Ceiling(Math.Log10(high / low));
        double[] steps = decades > 4 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
        for (int power = (int)Math.Floor(Math.Log10(low)); power <= Math.Log10(high); power++)
        {
            foreach (double step in steps)
            {
                double value = step * Math.Pow(10, power);
                if (value >= low * 0.999 && value <= high * 1.001) ticks.AddMajor(Math.Log10(value), value.ToString("0.######"));
            }
        }
        return ticks;
    }

    public static void Note(Plot plot, string text, double x, double y, Color color, Alignment alignment = Alignment.MiddleLeft, float dx = 0, float dy = 0)
    {
        ScottPlot.Plottables.Text note = plot.Add.Text(text, x, y);
        note.LabelFontSize = TickSize;
        note.LabelFontName = PlotFont.Family;
        note.LabelFontColor = color;
        note.LabelAlignment = alignment;
        note.LabelPadding = 0;
        (note.OffsetX, note.OffsetY) = (dx, dy);
    }
}
