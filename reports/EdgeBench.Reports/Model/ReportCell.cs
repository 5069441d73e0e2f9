using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Devices;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Statistics;
using EdgeBench.Statistics.Judging;

namespace EdgeBench.Reports.Model;

/// <summary>A planned cell with its figures and verdict.</summary>
public sealed record ReportCell
{
    public required StoredCell Stored { get; init; }

    public required ValidityVerdict Verdict { get; init; }

    /// <summary>Figures by metric name, those that may be reported: no speed of an emulated device, no raw per-token readings.</summary>
    public required IReadOnlyDictionary<string, CellEstimate> Estimates { get; init; }

    /// <summary>What was asked for and did not take effect, in full sentences; empty where all of it did.</summary>
    public required IReadOnlyList<string> NotApplied { get; init; }

    /// <summary>Whether an option of a trial did not take effect.</summary>
    public bool OptionsNotApplied => Stored.Trials.Any(trial => trial.Outcome.NotApplied.Count > 0);

    public bool IsRanked => Verdict.Validity != Validity.Invalid;

    /// <summary>Gravest readback of the recipe's passes; null where there is no artifact.</summary>
    public Applied? Applied => Stored.Artifact is { } artifact
        ? artifact.Readback.Select(readback => readback.Applied).DefaultIfEmpty(Core.Artifacts.Applied.Fully).Max()
        : null;

    public CellEstimate? Find(Metric metric) => Estimates.GetValueOrDefault(metric.Name);

    /// <param name="device">Facts of the cell's device, where the run holds them.</param>
    public static ReportCell From(StoredCell cell, DeviceFacts? device)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Dictionary<string, CellEstimate> estimates = [];
        foreach (Metric metric in MetricRegistry.All)
        {
            if (!Reportable.Figure(metric, cell.Tier)) continue;
            if (Estimator.Estimate(metric, cell.Trials) is { } estimate) estimates[metric.Name] = estimate;
        }
        IEnumerable<string> passes = (cell.Artifact?.Readback ?? [])
            .Where(readback => readback.Applied != Core.Artifacts.Applied.Fully)
            .Select(readback => $"{readback.Pass} {(readback.Applied == Core.Artifacts.Applied.Partly ? "partly applied" : "not applied")}: asked {readback.Asked}, found {readback.Found}");
        IEnumerable<string> options = cell.Trials.SelectMany(trial => trial.Outcome.NotApplied);
        return new ReportCell
        {
            Stored = cell,
            Verdict = ValidityRules.Judge(cell, device),
            Estimates = estimates,
            NotApplied = [.. passes.Concat(options).Distinct()],
        };
    }
}
