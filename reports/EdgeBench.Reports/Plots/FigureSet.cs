using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Plots;

/// <summary>Every figure of a report, in pages that stay legible, and what is not drawn and why.</summary>
public sealed class FigureSet
{
    /// <summary>Lines of one chart.</summary>
    public const int RowsPerPage = 24;

    /// <summary>Pages of one kind of figure; further cells are in the tables and CSV files, and a statement says so.</summary>
    public const int PagesPerKind = 8;

    private readonly List<Figure> _figures = [];
    private readonly List<string> _statements = [];
    private readonly string[] _recipes;

    private FigureSet(ReportModel model) =>
        _recipes = [.. model.Cells.Select(cell => cell.Stored.Recipe).Distinct()];

    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Sentences on what is left out of the figures, and why.</summary>
    public IReadOnlyList<string> Statements => _statements;

    public static FigureSet Of(ReportModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        FigureSet set = new(model);
        if (model.Cells.Count > 0 && model.Cells.All(cell => cell.Stored.WorkloadType == KernelFigures.WorkloadType))
        {
            set.AddRooflines(model);
            return set;
        }
        set.AddRates(model, FigureKind.Prefill, MetricRegistry.PrefillRate);
        set.AddRates(model, FigureKind.Decode, MetricRegistry.DecodeRate);
        set.AddLatencies(model);
        set.AddInferences(model);
        set.AddRooflines(model);
        set.AddMemory(model);
        set.AddEnergy(model);
        set.AddQuality(model);
        set.AddTimelines(model);
        if (model.Cells.Any(cell => cell.Stored.Tier == Tier.Emulated)) set._statements.Add("No speed is drawn for emulated cells.");
        return set;
    }

    private void AddRates(ReportModel model, FigureKind kind, Metric metric) =>
        AddPaged($"{metric.Label} speed", Tests(model, metric), RowsPerPage, (_, cells, page) => RateFigure.OfSpeed(kind, metric, Name(kind, page), cells, _recipes), kind);

    private void AddLatencies(ReportModel model) =>
        AddPaged("inter-token latency", Tests(model, MetricRegistry.Itl), RowsPerPage,
            (_, cells, page) => LatencyFigure.OfTokens(Name(FigureKind.InterTokenLatency, page), cells, _recipes), FigureKind.InterTokenLatency);

    // Few runs have a whole graph's inferences: that none is drawn needs no words elsewhere.
    private void AddInferences(ReportModel model)
    {
        (Metric, IReadOnlyList<ReportCell>)[] groups = [.. Tests(model, MetricRegistry.Inference, LatencyRow.Summary(MetricRegistry.Inference))];
        if (groups.Length == 0) return;
        AddPaged("inference latency", groups, RowsPerPage, (_, cells, page) => LatencyFigure.OfInferences(Name(FigureKind.Inference, page), cells, _recipes), FigureKind.Inference);
    }

    // Only runs of kernels have any.
    private void AddRooflines(ReportModel model)
    {
        (Metric, IReadOnlyList<ReportCell>)[] groups =
        [
            .. Rooflines.Drawn(model.Cells).GroupBy(cell => (cell.Stored.Model, cell.Stored.Device, cell.Stored.Tier, cell.Stored.Backend, cell.Stored.Threads))
                .SelectMany(group => Rooflines.ByFormats([.. group])).Select(cells => (MetricRegistry.OperationRate, cells)),
        ];
        if (groups.Length > 0) AddPaged("roofline", groups, int.MaxValue, (_, cells, page) => RooflineFigure.Create(Name(FigureKind.Roofline, page), cells), FigureKind.Roofline);
    }

    private void AddMemory(ReportModel model)
    {
        // An emulator's resident set holds the emulator too.
        var groups = model.Cells.Where(cell => !cell.Stored.IsQuality && cell.Stored.Tier != Tier.Emulated && cell.Estimates.Count > 0)
            .GroupBy(cell => (cell.Stored.Model, cell.Stored.Device, cell.Stored.Tier))
            .Where(group => group.Any(cell => cell.Find(MetricRegistry.PeakRss) is not null || cell.Find(MetricRegistry.WeightBytes) is not null))
            .Select(group => (MetricRegistry.PeakRss, (IReadOnlyList<ReportCell>)[.. group.GroupBy(cell => (cell.Stored.Recipe, cell.Stored.Backend)).Select(Largest)]));
        AddPaged("memory", groups, RowsPerPage, (_, cells, page) => MemoryFigure.Create(Name(FigureKind.Memory, page), cells, _recipes), FigureKind.Memory);
    }

    // Most runs have no meter: that nothing is drawn of it needs no words there.
    private void AddEnergy(ReportModel model)
    {
        AddMetered(model, FigureKind.Energy, energy => energy.PerToken, (_, metric, cells, name) => EnergyFigures.Energy(FigureKind.Energy, metric, name, cells, _recipes));
        AddMetered(model, FigureKind.InferenceEnergy, energy => energy.PerInference, (_, metric, cells, name) => EnergyFigures.Energy(FigureKind.InferenceEnergy, metric, name, cells, _recipes));
        AddMetered(model, FigureKind.Power, energy => energy.MeanPower, (energy, _, cells, name) => EnergyFigures.Power(energy, name, cells, _recipes));
    }

    private void AddMetered(
        ReportModel model, FigureKind kind, Func<EnergyMetrics, Metric> figure, Func<EnergyMetrics, Metric, IReadOnlyList<ReportCell>, string, Figure> create)
    {
        Dictionary<Metric, EnergyMetrics> boundaries = EnergyMetrics.All.ToDictionary(figure);
        (Metric, IReadOnlyList<ReportCell>)[] groups = [.. boundaries.Keys.SelectMany(metric => Tests(model, metric))];
        if (groups.Length > 0) AddPaged(FigureNames.Words(kind).ToLowerInvariant(), groups, RowsPerPage, (metric, cells, page) => create(boundaries[metric], metric, cells, Name(kind, page)), kind);
    }

    private void AddTimelines(ReportModel model)
    {
        IEnumerable<(Metric, IReadOnlyList<ReportCell>)> groups = [.. Tests(model, MetricRegistry.PrefillRate), .. Tests(model, MetricRegistry.DecodeRate), .. Tests(model, MetricRegistry.SustainedRate)];
        AddPaged("samples over time", groups, TimelineFigure.PanelsPerPage,
            (metric, cells, page) => TimelineFigure.Create(Name(FigureKind.Timeline, page), metric, cells, _recipes), FigureKind.Timeline);
    }

    private void AddQuality(ReportModel model)
    {
        QualityFigures quality = QualityFigures.Of(model, _recipes);
        _statements.AddRange(quality.Statements);
        foreach (FigureKind kind in (FigureKind[])[FigureKind.SizeQuality, FigureKind.SpeedQuality])
        {
            Func<string, Figure>[] all = [.. quality.Makers.Where(maker => maker.Kind == kind).Select(maker => maker.Make)];
            for (int page = 0; page < Math.Min(all.Length, PagesPerKind); page++) _figures.Add(all[page](Name(kind, page)));
            if (all.Length > PagesPerKind) _statements.Add($"{FigureNames.Words(kind)}: the first {PagesPerKind} of {all.Length} figures are drawn; all figures' numbers are in the table and cells.csv.");
        }
    }

    private void AddPaged(
        string what, IEnumerable<(Metric Metric, IReadOnlyList<ReportCell> Cells)> groups, int perPage,
        Func<Metric, IReadOnlyList<ReportCell>, int, Figure> create, FigureKind kind)
    {
        (Metric Metric, ReportCell[] Cells)[] pages = [.. groups.SelectMany(group => group.Cells.Chunk(perPage).Select(cells => (group.Metric, cells)))];
        for (int page = 0; page < Math.Min(pages.Length, PagesPerKind); page++) _figures.Add(create(pages[page].Metric, pages[page].Cells, page));
        if (pages.Length == 0) _statements.Add($"No figure of {what}: no cell holds such a measurement.");
        if (pages.Length <= PagesPerKind) return;
        int drawn = pages.Take(PagesPerKind).Sum(page => page.Cells.Length), all = pages.Sum(page => page.Cells.Length);
        _statements.Add($"{FigureNames.Words(kind)}: {drawn} of {all} lines are drawn, in plan order, on {PagesPerKind} pages; all are in the table and cells.csv.");
    }

    // A group is drawn where at least one of its cells has a figure; those without one keep their line in it.
    private static IEnumerable<(Metric, IReadOnlyList<ReportCell>)> Tests(ReportModel model, Metric metric, params IEnumerable<Metric> others) =>
        model.Cells.Where(cell => Reportable.Figure(metric, cell.Stored.Tier) && others.Prepend(metric).Any(one => Expects(cell, one) || cell.Find(one) is not null))
            .GroupBy(cell => (cell.Stored.Model, cell.Stored.Device, cell.Stored.Tier, cell.Stored.Test))
            .Where(group => group.Any(cell => others.Prepend(metric).Any(one => cell.Find(one) is not null)))
            .Select(group => (metric, (IReadOnlyList<ReportCell>)[.. group]));

    // A meter that ran promises its figures as a workload does.
    private static bool Expects(ReportCell cell, Metric metric) => cell.Stored.ExpectedMetrics.Contains(metric.Name)
        || (EnergyMetrics.All.FirstOrDefault(energy => energy.Figures.Contains(metric)) is { } energy
            && cell.Stored.Trials.Any(trial => trial.Outcome.Facts.ContainsKey(EnergyFacts.Meter(energy.Boundary))));

    private static ReportCell Largest(IEnumerable<ReportCell> cells) =>
        cells.OrderByDescending(cell => cell.IsRanked).ThenByDescending(cell => cell.Find(MetricRegistry.PeakRss)?.Value ?? 0).First();

    private static string Name(FigureKind kind, int page) => $"{FigureNames.Stem(kind)}-{page + 1}";
}
