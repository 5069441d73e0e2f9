using EdgeBench.Core.Metrics;
using EdgeBench.Statistics;

namespace EdgeBench.Reports.Model;

/// <summary>
/// The best figure of each metric among ranked cells of one model, device, tier and workload. Nothing is best where fewer than two cells
/// can be compared, and where intervals of the best overlap others', those share the mark: the data do not tell them apart.
/// </summary>
public sealed class Ranking
{
    // What a kernel reaches of its bound says nothing about another, which moves other bytes for the same result.
    private static readonly Metric[] s_ranked = [.. MetricRegistry.All.Where(metric => metric.Direction != Direction.Neutral && metric != MetricRegistry.ByteRate && metric != MetricRegistry.RoofShare)];

    private readonly HashSet<(string Key, string Metric)> _best = [];

    public Ranking(IEnumerable<ReportCell> cells)
    {
        foreach (var group in cells.Where(cell => cell.IsRanked)
            .GroupBy(cell => (cell.Stored.Model, cell.Stored.Device, cell.Stored.Tier, cell.Stored.Workload, cell.Stored.Test)))
        {
            ReportCell[] members = [.. group];
            foreach (Metric metric in s_ranked) Mark(members, metric);
        }
    }

    public bool IsBest(ReportCell cell, Metric metric) => _best.Contains((cell.Stored.Key, metric.Name));

    private void Mark(ReportCell[] members, Metric metric)
    {
        List<(string Key, CellEstimate Estimate)> known = [];
        foreach (ReportCell cell in members)
        {
            if (cell.Find(metric) is { } estimate) known.Add((cell.Stored.Key, estimate));
        }
        if (known.Count < 2 || known.All(entry => entry.Estimate.Value == known[0].Estimate.Value)) return;
        bool higher = metric.Direction == Direction.HigherIsBetter;
        CellEstimate best = (higher ? known.MaxBy(entry => entry.Estimate.Value) : known.MinBy(entry => entry.Estimate.Value)).Estimate;
        foreach ((string key, CellEstimate estimate) in known)
        {
            if (estimate.Value == best.Value || Overlap(estimate, best)) _best.Add((key, metric.Name));
        }
    }

    private static bool Overlap(CellEstimate a, CellEstimate b) =>
        a.Interval is { Kind: not IntervalKind.Range } x && b.Interval is { Kind: not IntervalKind.Range } y && x.Low <= y.High && y.Low <= x.High;
}
