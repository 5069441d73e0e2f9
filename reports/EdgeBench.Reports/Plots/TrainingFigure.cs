using EdgeBench.Core.Training;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>A training over its steps: losses above, and below the shares of answers that are exactly right, where something is an answer.</summary>
internal static class TrainingFigure
{
    private const int PanelHeight = 300;

    private const string Caption = "Grey: mean training loss between two points. Colours: validation, which is not learnt from. The upper panel's scale is logarithmic. "
        + "Exactly right: every token of the answer is the likeliest, so that greedy decoding writes it.";

    public static Figure Create(StoredTraining training)
    {
        CurvePoint[] scored = [.. training.Curve.Where(point => point.Validation.Count > 0)];
        string[] groups = [.. scored.SelectMany(point => point.Validation).Select(score => score.Group).Distinct().Order(StringComparer.Ordinal)];
        bool answers = scored.Any(point => point.Validation.Any(score => score.ExactMatch is not null));
        KeyEntry[] key = [new("training", Palette.Muted, MarkerShape.HorizontalBar), .. groups.Select((group, i) => new KeyEntry($"{group} (validation)", Palette.Series(i), Palette.Marker(i)))];
        CurvePoint last = training.Curve[^1];
        string alt = FormattableString.Invariant($"Loss over {last.Step} steps, {last.TrainingLoss:0.000} nats at the end in training. ")
            + string.Join("; ", (scored.LastOrDefault()?.Validation ?? []).Select(score => FormattableString.Invariant($"{score.Group} loss {score.Loss:0.000}{(score.ExactMatch is { } exact ? $", exactly right {100 * exact:0.0} %" : "")}")));
        string subtitle = FormattableString.Invariant($"{training.Name} · {last.Step:#,0} steps · {last.Tokens:#,0} target tokens · {last.Seconds:#,0} s in steps");
        return new Figure(FigureKind.Training, $"{FigureNames.Stem(FigureKind.Training)}-1", "Training: loss, and answers that are exactly right", subtitle, Caption, alt, key, PanelHeight * (answers ? 2 : 1),
            () => [Losses(training.Curve, scored, groups), .. answers ? [Shares(scored, groups)] : Array.Empty<PlacedPlot>()]);
    }

    private static PlacedPlot Losses(IReadOnlyList<CurvePoint> curve, CurvePoint[] scored, string[] groups)
    {
        Plot plot = PlotFactory.Create();
        // A mean over few steps at the end is no point of a curve of means over many.
        long usual = curve.Count > 2 ? curve[^2].Step - curve[^3].Step : 0;
        (double X, double Y)[] learnt = [.. curve.Where(point => point.TrainingLoss is > 0 && (point != curve[^1] || 2 * (point.Step - curve[^2].Step) >= usual)).Select(point => ((double)point.Step, Math.Log10(point.TrainingLoss!.Value)))];
        (double X, double Y)[][] held = [.. groups.Select(group => Of(scored, group).Where(entry => entry.Score.Loss > 0).Select(entry => ((double)entry.Step, Math.Log10(entry.Score.Loss))).ToArray())];
        Line(plot, learnt, Palette.Muted, MarkerShape.None);
        for (int i = 0; i < groups.Length; i++) Line(plot, held[i], Palette.Series(i), Palette.Marker(i));
        double[] heights = [.. learnt.Concat(held.SelectMany(line => line)).Select(point => point.Y).DefaultIfEmpty(0)];
        double low = heights.Min(), high = heights.Max(), margin = Math.Max(0.05, (high - low) * 0.06);
        plot.Axes.SetLimits(0, Math.Max(1, curve[^1].Step) * 1.02, low - margin, high + margin);
        plot.Axes.Left.TickGenerator = PlotFactory.LogTicks(Math.Pow(10, low - margin), Math.Pow(10, high + margin));
        return Placed(plot, "loss (nats a token), lower is better", 0);
    }

    private static PlacedPlot Shares(CurvePoint[] scored, string[] groups)
    {
        Plot plot = PlotFactory.Create();
        for (int i = 0; i < groups.Length; i++)
            Line(plot, [.. Of(scored, groups[i]).Where(entry => entry.Score.ExactMatch is not null).Select(entry => ((double)entry.Step, 100 * entry.Score.ExactMatch!.Value))], Palette.Series(i), Palette.Marker(i));
        plot.Axes.SetLimits(0, Math.Max(1, scored[^1].Step) * 1.02, 0, 103);
        return Placed(plot, "exactly right (%), higher is better", PanelHeight);
    }

    private static IEnumerable<(long Step, GroupScore Score)> Of(CurvePoint[] scored, string group) =>
        scored.SelectMany(point => point.Validation.Where(score => score.Group == group).Select(score => (point.Step, score)));

    private static void Line(Plot plot, (double X, double Y)[] points, Color color, MarkerShape marker)
    {
        if (points.Length == 0) return;
        ScottPlot.Plottables.Scatter line = plot.Add.Scatter(points.Select(point => point.X).ToArray(), points.Select(point => point.Y).ToArray(), color);
        line.LineWidth = 1.5f;
        line.MarkerShape = marker;
        line.MarkerSize = marker == MarkerShape.None || points.Length > 60 ? 0 : 6;
    }

    private static PlacedPlot Placed(Plot plot, string label, int top)
    {
        plot.Axes.Left.Label.Text = label;
        plot.Axes.Bottom.Label.Text = "step";
        plot.Layout.Fixed(new PixelPadding(76, 24, 50, 10));
        return new(plot, new PixelRect(8, Figure.Width - 8, top + PanelHeight, top));
    }
}
