using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Export;

/// <summary>The tables of <c>report.md</c>.</summary>
internal static class MarkdownTables
{
    public static void Cells(MarkdownText text, ReportModel model, MetricTable table, ReportCell[] section, Footnotes reasons)
    {
        ReportCell[] cells = [.. section.Where(cell => cell.Stored.IsQuality == table.OfQualityCells)];
        Metric[] metrics = [.. table.Metrics.Where(metric => cells.Any(cell => cell.Find(metric) is not null))];
        if (cells.Length == 0 || metrics.Length == 0) return;
        bool kernels = cells.All(cell => cell.Stored.WorkloadType == KernelFigures.WorkloadType);
        bool workloads = kernels || cells.Select(cell => (cell.Stored.Recipe, cell.Stored.Backend, cell.Stored.Threads, cell.Stored.Test)).Distinct().Count() < cells.Length;
        string[] tests = [.. cells.Select(cell => cell.Stored.Test).Distinct()];
        text.Line(tests.Length == 1 ? $"### {table.Title}: {MarkdownText.Escape(tests[0])}" : $"### {table.Title}");
        text.Line();
        string[] fixedHeads = ["recipe", "backend", "threads", "test", .. workloads ? ["workload"] : Array.Empty<string>()];
        // A kernel has no artifact to which something could have been applied.
        string[] heads = [.. fixedHeads, .. metrics.Select(Heading), .. kernels ? Array.Empty<string>() : ["applied"], "validity"];
        bool[] numeric = [.. fixedHeads.Select(head => head == "threads"), .. metrics.Select(_ => true), .. kernels ? Array.Empty<bool>() : [false], false];
        text.Table(heads, numeric, cells.Select(cell => (IReadOnlyList<string>)
        [
            MarkdownText.Escape(cell.Stored.Recipe), MarkdownText.Escape(cell.Stored.Backend), $"{cell.Stored.Threads}", MarkdownText.Escape(cell.Stored.Test),
            .. workloads ? [MarkdownText.Escape(cell.Stored.Workload)] : Array.Empty<string>(),
            .. metrics.Select(metric => Figure(model, cell, metric)), .. kernels ? Array.Empty<string>() : [Applied(cell)],
            cell.Verdict.Validity.ToString().ToLowerInvariant() + reasons.Marks(cell.Verdict.Reasons),
        ]));
    }

    public static void Comparisons(MarkdownText text, ReportModel model, ReportCell[] section)
    {
        foreach (var task in model.Comparisons.All.Where(row => section.Contains(row.Cell)).GroupBy(row => (row.Cell.Stored.Workload, row.Reference.Stored.Recipe)))
        {
            text.Line($"### {MarkdownText.Escape(task.Key.Workload)}, item by item, against {MarkdownText.Escape(task.Key.Recipe)}");
            text.Line();
            text.Table(ItemComparison.Heads, ItemComparison.Numeric, task.Select(row => Row(row.Fields)));
        }
    }

    public static void NotMeasured(MarkdownText text, ReportModel model)
    {
        List<IReadOnlyList<string>> rows = [];
        foreach (ReportCell cell in model.Cells.Where(cell => cell.Estimates.Count == 0)) rows.Add(Row(cell.Stored.Id, "failed or not measured", string.Join("; ", cell.Verdict.Reasons)));
        foreach (StoredExclusion exclusion in model.Run.Excluded) rows.Add(Row(exclusion.Id, "excluded", exclusion.Reason));
        if (rows.Count == 0) return;
        text.Line("## Cells without a measurement");
        text.Line();
        text.Table(["cell", "state", "reason"], [false, false, false], rows);
    }

    public static void Artifacts(MarkdownText text, ReportModel model)
    {
        ArtifactDescription[] artifacts = [.. model.Cells.Select(cell => cell.Stored.Artifact).OfType<ArtifactDescription>().DistinctBy(artifact => artifact.Id)];
        if (artifacts.Length == 0) return;
        Dictionary<string, string> recipe = model.Cells.Where(cell => cell.Stored.Artifact is not null)
            .GroupBy(cell => cell.Stored.Artifact!.Id).ToDictionary(group => group.Key, group => $"{group.First().Stored.Model} / {group.First().Stored.Recipe}");
        text.Line("## Artifacts: asked and found");
        text.Line();
        text.Table(["model / recipe", "format", "weights", "tensor types", "asked", "found", "applied"], [false, false, true, false, false, false, false],
            artifacts.SelectMany(artifact => artifact.Readback.DefaultIfEmpty(new PassReadback("", "nothing (as stored)", "", Core.Artifacts.Applied.Fully))
                .Select(readback => (IReadOnlyList<string>)
                [
                    MarkdownText.Escape(recipe[artifact.Id]), MarkdownText.Escape(artifact.Format), MetricText.Bytes(artifact.WeightBytes),
                    MarkdownText.Escape(string.Join(", ", artifact.Types.Select(type => $"{type.Type} {MetricText.Bytes(type.Bytes)}"))),
                    MarkdownText.Escape($"{readback.Pass} {readback.Asked}".Trim()), MarkdownText.Escape(readback.Found), Word(readback.Applied),
                ])));
    }

    public static void Errors(MarkdownText text, ReportModel model)
    {
        IReadOnlyList<string>[] rows = [.. TensorErrors.ByKind(model).Select(row => Row(row.Fields))];
        if (rows.Length == 0) return;
        text.Line("## Errors by kind of matrix");
        text.Line();
        text.Line("Relative Frobenius norms of what a pass changed: of the weights, and of the products with the calibration tokens. Every tensor is in `tensors.csv`.");
        text.Line();
        text.Table(TensorErrorRow.Heads, [false, false, false, true, false, true, true, false], rows);
    }

    private static IReadOnlyList<string> Row(params string[] fields) => [.. fields.Select(MarkdownText.Escape)];

    private static string Heading(Metric metric) =>
        metric.Aggregation == Aggregation.Distribution ? $"{MetricText.Heading(metric)} p50 / p90 / p99" : MetricText.Heading(metric);

    private static string Figure(ReportModel model, ReportCell cell, Metric metric)
    {
        if (cell.Find(metric) is not { } estimate) return cell.Stored.ExpectedMetrics.Contains(metric.Name) ? Withheld(cell, metric) : "";
        string text = metric.Aggregation == Aggregation.Distribution ? MetricText.Percentiles(estimate) : MetricText.WithInterval(estimate).Replace("[", "\\[").Replace("]", "\\]");
        return model.Ranking.IsBest(cell, metric) ? $"★ {text}" : text;
    }

    private static string Withheld(ReportCell cell, Metric metric) => Reportable.Reading(metric, cell.Stored.Tier) ? "none" : "not reported";

    private static string Applied(ReportCell cell)
    {
        string options = cell.OptionsNotApplied ? ", options **not applied**" : "";
        return cell.Applied is { } applied ? Word(applied) + options : $"no artifact{options}";
    }

    private static string Word(Applied applied) => applied switch
    {
        Core.Artifacts.Applied.Fully => "fully",
        Core.Artifacts.Applied.Partly => "**partly**",
        _ => "**not applied**",
    };
}
