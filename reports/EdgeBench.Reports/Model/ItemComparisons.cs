using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Statistics;

namespace EdgeBench.Reports.Model;

/// <summary>
/// Every artifact that was scored on a task's items, against the uncompressed one of the same model, backend, device and task. What cannot be compared is said in a
/// sentence.
/// </summary>
public sealed record ItemComparisons(IReadOnlyList<ItemComparison> All, IReadOnlyList<string> Statements)
{
    private static readonly Metric[] s_metrics = [.. MetricRegistry.All.Where(metric => metric.Aggregation is Aggregation.Proportion or Aggregation.MacroF1)];

    public static ItemComparisons Of(IEnumerable<ReportCell> cells)
    {
        List<ItemComparison> all = [];
        List<string> statements = [];
        foreach (var group in cells.Where(cell => s_metrics.Any(metric => cell.Find(metric) is not null))
            .GroupBy(cell => (cell.Stored.Model, cell.Stored.Device, cell.Stored.Tier, cell.Stored.Workload, cell.Stored.Backend, cell.Stored.Threads)))
        {
            string what = $"{group.Key.Model}, {group.Key.Workload} on {group.Key.Backend} ({group.Key.Device})";
            ReportCell? reference = group.Where(cell => cell.Stored.IsUncompressed).OrderByDescending(cell => cell.IsRanked).FirstOrDefault();
            ReportCell[] others = [.. group.Where(cell => cell != reference)];
            if (others.Length == 0) continue;
            if (reference is null)
            {
                statements.Add($"{what}: no uncompressed artifact was scored, so nothing is compared item by item: add a recipe without passes, or for a checkpoint that is stored quantised [ {{ convert: {{ weights: f16 }} }} ].");
                continue;
            }
            foreach (ReportCell cell in others)
            {
                if (DataOf(cell.Stored) != DataOf(reference.Stored)) statements.Add($"{what}: {cell.Stored.Recipe} was scored on another file than {reference.Stored.Recipe}, so the two are not compared.");
                else all.AddRange(s_metrics.Select(metric => Compare(metric, reference, cell)).OfType<ItemComparison>());
            }
        }
        return new(all, statements);
    }

    private static ItemComparison? Compare(Metric metric, ReportCell reference, ReportCell cell) =>
        ItemOutcomes.Of(metric, reference.Stored.Trials) is { } first && ItemOutcomes.Of(metric, cell.Stored.Trials) is { } second && PairedItems.Of(first, second) is { } figures
            ? new(cell, reference, figures) : null;

    private static string? DataOf(StoredCell cell) =>
        cell.Trials.Where(trial => trial.Outcome.Failure is null).Select(trial => trial.Outcome.Facts.GetValueOrDefault(TextOrigin.ScoredSha256)).FirstOrDefault();
}
