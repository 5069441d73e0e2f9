using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Plots;

/// <summary>
/// Joins quality cells with the size and the speed of the same artifact on the same backend and device. Perplexity is compared within one
/// model only: another tokenizer makes other tokens.
/// </summary>
internal sealed class QualityFigures
{
    // Which of a cell's figures stands for its quality: the first that it has.
    private static readonly Metric[] s_measures =
        [MetricRegistry.Perplexity, MetricRegistry.KlDivergence, MetricRegistry.Accuracy, MetricRegistry.ExactMatch, MetricRegistry.ClassAccuracy];

    private readonly List<(FigureKind Kind, Func<string, Figure> Make)> _makers = [];
    private readonly List<string> _statements = [];

    public IReadOnlyList<(FigureKind Kind, Func<string, Figure> Make)> Makers => _makers;

    public IReadOnlyList<string> Statements => _statements;

    public static QualityFigures Of(ReportModel model, string[] recipes)
    {
        QualityFigures figures = new();
        string[] backends = [.. model.Cells.Select(cell => cell.Stored.Backend).Distinct()];
        Series series = new(recipes, backends);
        var groups = model.Cells.Where(cell => cell.Stored.IsQuality && Quality(cell) is not null)
            .GroupBy(cell => (cell.Stored.Model, cell.Stored.Device, cell.Stored.Tier, cell.Stored.Workload)).ToArray();
        ILookup<(string, string, string, string, Tier), ReportCell> speeds = model.Cells
            .Where(cell => !cell.Stored.IsQuality).ToLookup(Artifact);
        foreach (var group in groups)
        {
            ReportCell[] cells = [.. group.GroupBy(Artifact).Select(same => same.OrderByDescending(cell => cell.IsRanked).First())];
            if (cells.Select(cell => cell.Stored.Recipe).Distinct().Count() < 2)
            {
                figures._statements.Add($"No size–quality figure for {group.Key.Model}, {group.Key.Workload}: it needs the quality of at least two recipes.");
                continue;
            }
            figures.AddSize(cells, series);
            figures.AddSpeed(cells, speeds, series);
        }
        if (groups.Length == 0) figures._statements.Add("No size–quality and no speed–quality figure: no cell holds a measured quality.");
        return figures;
    }

    private void AddSize(ReportCell[] cells, Series series)
    {
        Metric y = Measure(cells);
        ParetoPoint[] points =
        [
            .. cells.Where(cell => cell.Find(y) is not null && cell.Stored.Artifact is not null)
                .Select(cell => Point(cell, cell.Stored.Recipe, cell.Stored.Artifact!.WeightBytes, cell.Find(y)!.Value, cell.IsRanked, series)),
        ];
        Add(FigureKind.SizeQuality, $"Size and quality ({Better(y)} left is better)", Subtitle(cells, y), MetricRegistry.WeightBytes, y, points);
    }

    private void AddSpeed(ReportCell[] cells, ILookup<(string, string, string, string, Tier), ReportCell> speeds, Series series)
    {
        Metric y = Measure(cells);
        foreach (Metric x in (Metric[])[MetricRegistry.DecodeRate, MetricRegistry.PrefillRate])
        {
            var joined = cells.Where(cell => cell.Find(y) is not null)
                .SelectMany(quality => speeds[Artifact(quality)].Where(speed => speed.Find(x) is not null).Select(speed => (quality, speed)));
            foreach (var test in joined.GroupBy(pair => pair.speed.Stored.Test))
            {
                bool threads = test.Select(pair => pair.speed.Stored.Threads).Distinct().Skip(1).Any();
                ParetoPoint[] points =
                [
                    .. test.Select(pair => Point(pair.quality, threads ? $"{pair.quality.Stored.Recipe}, t{pair.speed.Stored.Threads}" : pair.quality.Stored.Recipe,
                        pair.speed.Find(x)!.Value, pair.quality.Find(y)!.Value, pair.quality.IsRanked && pair.speed.IsRanked, series)),
                ];
                string subtitle = $"{Subtitle(cells, y)} · speed: {test.Key}{(threads ? ", tN: N threads" : "")}";
                Add(FigureKind.SpeedQuality, $"{char.ToUpperInvariant(x.Label[0])}{x.Label[1..]} speed and quality ({Better(y)} right is better)", subtitle, x, y, points);
            }
        }
    }

    private void Add(FigureKind kind, string title, string subtitle, Metric x, Metric y, ParetoPoint[] points)
    {
        if (points.Length < 2) _statements.Add($"No {FigureNames.Words(kind).ToLowerInvariant()} figure ({subtitle}): it needs at least two points.");
        else _makers.Add((kind, name => ParetoFigure.Create(kind, name, title, subtitle, x, y, points)));
    }

    // The colour is the recipe's. So is the shape, unless several backends ran: then it is theirs, and the label still names the recipe.
    private static ParetoPoint Point(ReportCell cell, string label, double x, double y, bool ranked, Series series)
    {
        int recipe = Math.Max(0, Array.IndexOf(series.Recipes, cell.Stored.Recipe)), backend = Math.Max(0, Array.IndexOf(series.Backends, cell.Stored.Backend));
        bool several = series.Backends.Length > 1;
        return new ParetoPoint(label, x, y, Palette.Series(recipe), several ? backend : recipe, ranked, several ? cell.Stored.Backend : null);
    }

    private static Metric Measure(ReportCell[] cells) => s_measures.First(metric => cells.Any(cell => cell.Find(metric) is not null));

    private static Metric? Quality(ReportCell cell) => s_measures.FirstOrDefault(metric => cell.Find(metric) is not null);

    // Tasks of one kind differ by their data, which the workload's name tells.
    private static string Subtitle(ReportCell[] cells, Metric y) =>
        ChartRows.Subtitle(cells, withThreads: false) + (y.Aggregation == Aggregation.Proportion ? $" · {cells[0].Stored.Workload}" : "");

    private static string Better(Metric y) => y.Direction == Direction.HigherIsBetter ? "upper" : "lower";

    private static (string, string, string, string, Tier) Artifact(ReportCell cell) =>
        (cell.Stored.Model, cell.Stored.Recipe, cell.Stored.Backend, cell.Stored.Device, cell.Stored.Tier);

    private sealed record Series(string[] Recipes, string[] Backends);
}
