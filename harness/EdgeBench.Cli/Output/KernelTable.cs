using System.Text.Json;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;

namespace EdgeBench.Cli.Output;

/// <summary>Kernels with their rates and how far below their roof they stay, as lines for people and as JSON.</summary>
internal static class KernelTable
{
    private const int Version = 1;

    private static readonly string[] s_heads = ["model", "operation", "shape", "format", "kernel", "threads", "µs", "GOP/s", "GB/s", "of roof", "bound by", "validity"];

    public static void Write(ReportModel model, TextWriter writer)
    {
        string[][] rows = [s_heads, .. model.Cells.Select(Row)];
        int[] widths = [.. s_heads.Select((_, column) => rows.Max(row => row[column].Length))];
        // Figures stand to the right.
        foreach (string[] row in rows)
            writer.WriteLine(string.Join("  ", row.Select((text, column) => column is >= 5 and <= 9 ? text.PadLeft(widths[column]) : text.PadRight(widths[column]))).TrimEnd());
    }

    public static string Json(ReportModel model) => JsonSerializer.Serialize(new
    {
        Version,
        Kernels = model.Cells.Select(cell => new
        {
            cell.Stored.Id,
            cell.Stored.Model,
            Operation = cell.Stored.Workload,
            Shape = cell.Stored.Test,
            Format = cell.Stored.Recipe,
            Kernel = cell.Stored.Backend,
            cell.Stored.Threads,
            Microseconds = Value(cell, MetricRegistry.KernelTime),
            GopS = Value(cell, MetricRegistry.OperationRate),
            GbS = Value(cell, MetricRegistry.ByteRate),
            OfRoof = Value(cell, MetricRegistry.RoofShare),
            Bound = Bound(cell),
            Validity = cell.Verdict.Validity.ToString().ToLowerInvariant(),
            cell.Verdict.Reasons,
        }),
    }, EdgeBenchJson.Indented);

    private static string[] Row(ReportCell cell) =>
    [
        cell.Stored.Model, cell.Stored.Workload, cell.Stored.Test, cell.Stored.Recipe, cell.Stored.Backend, $"{cell.Stored.Threads}",
        Text(cell, MetricRegistry.KernelTime), Text(cell, MetricRegistry.OperationRate), Text(cell, MetricRegistry.ByteRate),
        Value(cell, MetricRegistry.RoofShare) is { } share ? $"{100 * share:0} %" : "", Bound(cell), cell.Verdict.Validity.ToString().ToLowerInvariant(),
    ];

    // The roof that is nearest: reaching for it, and not for the other, is what is left to gain.
    private static string Bound(ReportCell cell)
    {
        if (cell.Find(MetricRegistry.OperationRate) is not { } operations || cell.Find(MetricRegistry.ByteRate) is not { } bytes || Roof(cell) is not { } roof) return "";
        double read = Peak(cell, KernelFigures.Read);
        return read > 0 && read * operations.Value / bytes.Value <= Peak(cell, roof.Split(' ')[0]) ? "memory" : roof;
    }

    private static string? Roof(ReportCell cell) => cell.Stored.Trials.Select(trial => trial.Outcome.Facts.GetValueOrDefault(KernelFigures.Roof)).FirstOrDefault(roof => roof is not null);

    private static double Peak(ReportCell cell, string kind) => cell.Stored.Trials
        .SelectMany(trial => KernelFigures.Moments.Select(moment => trial.Outcome.Conditions.GetValueOrDefault(KernelFigures.Peak(kind, moment)))).DefaultIfEmpty(0).Max();

    private static double? Value(ReportCell cell, Metric metric) => cell.Find(metric)?.Value;

    private static string Text(ReportCell cell, Metric metric) => cell.Find(metric) is { } estimate ? MetricText.Number(metric, estimate.Value) : "";
}
