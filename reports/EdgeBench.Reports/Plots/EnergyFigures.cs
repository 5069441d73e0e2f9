using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>What the meters read, one boundary a figure, which the metric's label names: energy as bars, power as bars of its mean with its peak.</summary>
internal static class EnergyFigures
{
    private const string EnergyCaption =
        "Bar: median over trials, idle power included. Line with caps: its 95 % bootstrap interval over sessions. Hollow: invalid, never ranked. The boundary says where the meter is.";

    private const string PowerCaption =
        "Bar: mean power of the timed repetitions, median over trials, with its 95 % bootstrap interval over sessions. Upright line: the largest reading of all trials. "
        + "Hollow: invalid, never ranked. The boundary says where the meter is.";

    public static Figure Energy(FigureKind kind, Metric metric, string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes) =>
        RateFigure.Create(kind, metric, name, $"{metric.Label}: {MetricText.Direction(metric)}", EnergyCaption, cells, recipes, Missing(metric));

    public static Figure Power(EnergyMetrics energy, string name, IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes)
    {
        IReadOnlyList<ChartRow> rows = ChartRows.Of(cells, recipes);
        KeyEntry[] key = [new("mean", Palette.Series(0), MarkerShape.FilledSquare), new("peak", Palette.Ink, MarkerShape.VerticalBar)];
        string alt = $"{energy.MeanPower.Label} and peak in W: " + string.Join("; ", rows.Select(row => Words(row, energy) is { } words ? $"{row.Label} {words}{row.Mark}" : $"{row.Label} no figure"));
        return new Figure(FigureKind.Power, name, $"{char.ToUpperInvariant(energy.Power.Label[0])}{energy.Power.Label[1..]}, mean and peak: lower is better", ChartRows.Subtitle(cells), PowerCaption, alt, key, RowPlot.Height(rows.Count),
            () => Compose(energy, rows));
    }

    private static IReadOnlyList<PlacedPlot> Compose(EnergyMetrics energy, IReadOnlyList<ChartRow> rows)
    {
        RowPlot plot = new(rows, MetricText.Heading(energy.Power));
        for (int i = 0; i < rows.Count; i++)
        {
            if (Words(rows[i], energy) is not { } words)
            {
                plot.Missing(i, 0, Missing(energy.MeanPower)(rows[i].Cell));
                continue;
            }
            Color ink = rows[i].IsRanked ? Palette.Ink : Palette.Muted;
            double right = plot.Bar(i, rows[i].Cell.Find(energy.MeanPower)!, rows[i].Color, ink);
            if (rows[i].Cell.Find(energy.PeakPower) is { } peak)
            {
                plot.Tick(i, peak.Value, ink, 0.72);
                right = Math.Max(right, peak.Value);
            }
            plot.Value(i, right, words + rows[i].Mark);
        }
        plot.Limits(0);
        return plot.Placed;
    }

    private static string? Words(ChartRow row, EnergyMetrics energy)
    {
        if (row.Cell.Find(energy.MeanPower) is not { } mean) return null;
        string text = $"mean {MetricText.Number(energy.MeanPower, mean.Value)}";
        return row.Cell.Find(energy.PeakPower) is { } peak ? $"{text}, peak {MetricText.Number(energy.PeakPower, peak.Value)}" : text;
    }

    // A cell has many reasons, of which the first seldom is the meter's.
    private static Func<ReportCell, string?> Missing(Metric metric)
    {
        EnergyMetrics energy = EnergyMetrics.All.Single(one => one.Figures.Contains(metric));
        return cell => cell.Stored.Trials.Select(trial => trial.Outcome.Facts.GetValueOrDefault(EnergyFacts.Missing(energy.Boundary))).FirstOrDefault(why => why is not null);
    }
}
