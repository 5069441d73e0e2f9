using CsvHelper;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;
using EdgeBench.Statistics;

namespace EdgeBench.Reports.Export;

/// <summary><c>cells.csv</c>: one row for each planned and each excluded cell.</summary>
internal static class CellsCsv
{
    private static readonly string[] s_fixed =
    [
        "cell", "key", "state", "model", "recipe", "backend", "device", "workload", "workload_type", "test", "threads", "tier", "validity", "reasons",
        "trials_planned", "trials_ok", "artifact", "artifact_types", "artifact_bytes", "parameters", "random_weights", "asked", "found", "applied", "not_applied",
    ];

    private static readonly HashSet<Metric> s_seldom =
    [
        .. EnergyMetrics.All.SelectMany(energy => energy.Figures), .. KernelFigures.Metrics,
        .. MetricRegistry.All.Where(metric => metric.Aggregation is Aggregation.Proportion or Aggregation.MacroF1),
    ];

    public static void Write(CsvWriter csv, ReportModel model)
    {
        Metric[] figures = Figures(model);
        csv.Text(s_fixed);
        foreach (Metric metric in figures)
        {
            // The names of rates end with their unit; columns are plain ASCII.
            string name = metric.Unit.Length > 0 && !metric.Name.EndsWith("_s", StringComparison.Ordinal) && metric.Unit != "B" ? $"{metric.Name}_{metric.Unit.Replace('µ', 'u')}" : metric.Name;
            foreach (string part in Parts(metric)) csv.WriteField(name + part);
        }
        csv.EndRecord();
        foreach (ReportCell cell in model.Cells) Planned(csv, cell, figures);
        foreach (StoredExclusion exclusion in model.Run.Excluded) Excluded(csv, exclusion, figures);
    }

    // Every run has the same columns, but for the kernels', the tasks' and the meters': four boundaries, of which a run seldom has any, would be most of the file.
    private static Metric[] Figures(ReportModel model) =>
        [.. MetricRegistry.All.Where(metric => metric.Direction != Direction.Neutral && (!s_seldom.Contains(metric) || model.Metrics.Contains(metric)))];

    private static IEnumerable<string> Parts(Metric metric) => metric.Aggregation == Aggregation.Distribution
        ? ["_p50", "_p50_low", "_p50_high", "_p50_interval", "_p90", "_p99", "_n"]
        : ["", "_low", "_high", "_interval", "_n"];

    private static void Planned(CsvWriter csv, ReportCell cell, Metric[] figures)
    {
        StoredCell stored = cell.Stored;
        ArtifactDescription? artifact = stored.Artifact;
        csv.Text(stored.Id, stored.Key, "planned", stored.Model, stored.Recipe, stored.Backend, stored.Device, stored.Workload, stored.WorkloadType, stored.Test);
        csv.WriteField(stored.Threads);
        csv.Text(CsvFields.Word(stored.Tier), CsvFields.Word(cell.Verdict.Validity), CsvFields.Joined(cell.Verdict.Reasons));
        csv.WriteField(stored.PlannedTrials);
        csv.WriteField(stored.Trials.Count(trial => trial.Outcome.Failure is null));
        csv.Text(artifact?.Id ?? "", CsvFields.Joined((artifact?.Types ?? []).Select(type => $"{type.Type}: {type.Tensors} tensors, {type.Bytes} B")));
        csv.WriteField(artifact?.WeightBytes);
        csv.WriteField(artifact?.Parameters);
        csv.Text(artifact is null ? "" : CsvFields.Word(artifact.RandomWeights),
            CsvFields.Joined((artifact?.Readback ?? []).Select(readback => $"{readback.Pass}: {readback.Asked}")),
            CsvFields.Joined((artifact?.Readback ?? []).Select(readback => $"{readback.Pass}: {readback.Found}")),
            cell.Applied is { } applied ? EdgeBenchJson.Serialize(applied).Trim('"') : "", CsvFields.Joined(cell.NotApplied));
        foreach (Metric metric in figures) Figure(csv, metric, cell.Find(metric));
        csv.EndRecord();
    }

    private static void Figure(CsvWriter csv, Metric metric, CellEstimate? estimate)
    {
        csv.WriteField(estimate?.Value);
        csv.WriteField(estimate?.Interval?.Low);
        csv.WriteField(estimate?.Interval?.High);
        csv.Text(MetricText.Kind(estimate?.Interval));
        if (metric.Aggregation == Aggregation.Distribution)
        {
            csv.WriteField(estimate?.Percentiles?.P90);
            csv.WriteField(estimate?.Percentiles?.P99);
        }
        csv.WriteField(estimate?.Samples);
    }

    private static void Excluded(CsvWriter csv, StoredExclusion cell, Metric[] figures)
    {
        csv.Text(cell.Id, "", "excluded", cell.Model, cell.Recipe, cell.Backend, cell.Device, cell.Workload, "", "", "", "", "", cell.Reason);
        const int Written = 14;
        int empty = s_fixed.Length - Written + figures.Sum(metric => Parts(metric).Count());
        for (int i = 0; i < empty; i++) csv.WriteField("");
        csv.EndRecord();
    }
}
