using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;

namespace EdgeBench.Reports.Model;

/// <summary>All that a report says, computed once from a stored run and shared by every format.</summary>
public sealed record ReportModel
{
    public required StoredRun Run { get; init; }

    /// <summary>Every planned cell, in plan order.</summary>
    public required IReadOnlyList<ReportCell> Cells { get; init; }

    public required Ranking Ranking { get; init; }

    /// <summary>Metrics that at least one cell holds, in table order.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>Artifacts against the uncompressed one, item by item.</summary>
    public required ItemComparisons Comparisons { get; init; }

    /// <summary>What a reader must know before the first figure.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public int Count(Validity validity) => Cells.Count(cell => cell.Verdict.Validity == validity);

    /// <summary>Facts that the trials' processes found, each with its distinct values, by backend.</summary>
    public IReadOnlyList<(string Backend, string Fact, string Value)> Facts =>
    [
        .. Cells.SelectMany(cell => cell.Stored.Trials.SelectMany(trial => trial.Outcome.Facts.Select(fact => (cell.Stored.Backend, Fact: fact.Key, fact.Value))))
            .Distinct()
            .GroupBy(entry => (entry.Backend, entry.Fact))
            .Select(group => (group.Key.Backend, group.Key.Fact, Joined(group.Select(entry => entry.Value)))),
    ];

    public static ReportModel From(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ReportCell[] cells = [.. run.Cells.AsParallel().AsOrdered().Select(cell => ReportCell.From(cell, run.Devices.GetValueOrDefault(cell.Device)))];
        HashSet<string> present = [.. cells.SelectMany(cell => cell.Estimates.Keys)];
        return new ReportModel
        {
            Run = run,
            Cells = cells,
            Ranking = new Ranking(cells),
            Comparisons = ItemComparisons.Of(cells),
            Metrics = [.. MetricRegistry.All.Where(metric => present.Contains(metric.Name))],
            Notes = RunNotes.Of(run, cells),
        };
    }

    private static string Joined(IEnumerable<string> values)
    {
        string[] all = [.. values.Order(StringComparer.Ordinal)];
        return all.Length <= 4 ? string.Join("; ", all) : $"{string.Join("; ", all[..4])}; … ({all.Length} values)";
    }
}
