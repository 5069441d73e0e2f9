using CsvHelper;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Model;
using EdgeBench.Statistics;

namespace EdgeBench.Reports.Export;

/// <summary>
/// <c>cells.csv</c>: one row for each planned and each excluded cell. <c>samples.csv</c>: one row for each raw reading. Figures are in each
/// metric's own unit, unrounded. Text that a spreadsheet would run as a formula starts with a quote mark (OWASP, "CSV Injection").
/// </summary>
public sealed class CsvExporter : IExporter
{
    private static readonly CsvWriterOptions s_format = CsvWriterOptions.Default with { NewLine = "\n", Injection = CsvInjection.Escape };

    private static readonly Metric[] s_figures = [.. MetricRegistry.All.Where(metric => metric.Direction != Direction.Neutral)];

    public string Name => "csv";

    public IReadOnlyList<string> Export(ReportContext report, string folder)
    {
        ArgumentNullException.ThrowIfNull(report);
        string cells = Path.Combine(folder, "cells.csv"), samples = Path.Combine(folder, "samples.csv");
        Write(cells, csv => Cells(csv, report.Model));
        Write(samples, csv => Samples(csv, report.Model));
        return [cells, samples];
    }

    private static void Write(string path, Action<CsvWriter> rows) => AtomicFile.Write(path, stream =>
    {
        using CsvWriter csv = CsvWriter.Create(stream, s_format, leaveOpen: true);
        rows(csv);
    });

    private static void Cells(CsvWriter csv, ReportModel model)
    {
        string[] fixedColumns =
        [
            "cell", "key", "state", "model", "recipe", "backend", "device", "workload", "workload_type", "test", "threads", "tier", "validity", "reasons",
            "trials_planned", "trials_ok", "artifact", "artifact_types", "artifact_bytes", "parameters", "random_weights", "asked", "found", "applied", "not_applied",
        ];
        foreach (string column in fixedColumns) csv.WriteField(column);
        foreach (Metric metric in s_figures)
        {
            string name = metric.Unit.Length > 0 && !metric.Name.EndsWith("tok_s", StringComparison.Ordinal) && metric.Unit != "B" ? $"{metric.Name}_{metric.Unit}" : metric.Name;
            foreach (string part in Parts(metric)) csv.WriteField(name + part);
        }
        csv.EndRecord();
        foreach (ReportCell cell in model.Cells) Planned(csv, cell);
        foreach (StoredExclusion exclusion in model.Run.Excluded) Excluded(csv, exclusion, fixedColumns.Length);
    }

    private static IEnumerable<string> Parts(Metric metric) =>
        metric.Aggregation == Aggregation.Distribution ? ["_p50", "_p50_low", "_p50_high", "_p90", "_p99", "_n"] : ["", "_low", "_high", "_n"];

    private static void Planned(CsvWriter csv, ReportCell cell)
    {
        StoredCell stored = cell.Stored;
        ArtifactDescription? artifact = stored.Artifact;
        Text(csv, stored.Id, stored.Key, "planned", stored.Model, stored.Recipe, stored.Backend, stored.Device, stored.Workload, stored.WorkloadType, stored.Test);
        csv.WriteField(stored.Threads);
        Text(csv, Word(stored.Tier), Word(cell.Verdict.Validity), string.Join("; ", cell.Verdict.Reasons));
        csv.WriteField(stored.PlannedTrials);
        csv.WriteField(stored.Trials.Count(trial => trial.Outcome.Failure is null));
        Text(csv, artifact?.Id ?? "", string.Join("; ", (artifact?.Types ?? []).Select(type => $"{type.Type}: {type.Tensors} tensors, {type.Bytes} B")));
        csv.WriteField(artifact?.WeightBytes);
        csv.WriteField(artifact?.Parameters);
        Text(csv, artifact is null ? "" : Word(artifact.RandomWeights),
            string.Join("; ", (artifact?.Readback ?? []).Select(readback => $"{readback.Pass}: {readback.Asked}")),
            string.Join("; ", (artifact?.Readback ?? []).Select(readback => $"{readback.Pass}: {readback.Found}")),
            cell.Applied is { } applied ? EdgeBenchJson.Serialize(applied).Trim('"') : "", string.Join("; ", cell.NotApplied));
        foreach (Metric metric in s_figures) Figure(csv, metric, cell.Find(metric));
        csv.EndRecord();
    }

    private static void Figure(CsvWriter csv, Metric metric, CellEstimate? estimate)
    {
        csv.WriteField(estimate?.Value);
        csv.WriteField(estimate?.Interval?.Low);
        csv.WriteField(estimate?.Interval?.High);
        if (metric.Aggregation == Aggregation.Distribution)
        {
            csv.WriteField(estimate?.Percentiles?.P90);
            csv.WriteField(estimate?.Percentiles?.P99);
        }
        csv.WriteField(estimate?.Samples);
    }

    private static void Excluded(CsvWriter csv, StoredExclusion cell, int columns)
    {
        Text(csv, cell.Id, "", "excluded", cell.Model, cell.Recipe, cell.Backend, cell.Device, cell.Workload, "", "", "", "", "", cell.Reason);
        const int Written = 14;
        int empty = columns - Written + s_figures.Sum(metric => Parts(metric).Count());
        for (int i = 0; i < empty; i++) csv.WriteField("");
        csv.EndRecord();
    }

    private static void Samples(CsvWriter csv, ReportModel model)
    {
        foreach (string column in (string[])["cell", "trial", "session", "repetition", "metric", "unit", "value", "at_s", "tier"]) csv.WriteField(column);
        csv.EndRecord();
        foreach (StoredCell cell in model.Cells.Select(cell => cell.Stored))
        {
            foreach (StoredTrial trial in cell.Trials)
            {
                foreach (Series series in trial.Outcome.Series)
                {
                    Metric? metric = MetricRegistry.Find(series.Metric);
                    if (metric is not null && !Reportable.Reading(metric, cell.Tier)) continue;
                    for (int i = 0; i < series.Values.Length; i++)
                    {
                        Text(csv, cell.Id, trial.TrialId);
                        csv.WriteField(trial.Session);
                        csv.WriteField(i < series.Repetition.Length ? series.Repetition[i] : null);
                        Text(csv, series.Metric, metric?.Unit ?? "");
                        csv.WriteField(series.Values[i]);
                        csv.WriteField(i < series.At.Length ? series.At[i] : null);
                        Text(csv, Word(cell.Tier));
                        csv.EndRecord();
                    }
                }
            }
        }
    }

    private static void Text(CsvWriter csv, params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields) csv.WriteField(field);
    }

    private static string Word<T>(T value) where T : notnull => value.ToString()!.ToLowerInvariant();
}
