using CsvHelper;
using EdgeBench.Core.IO;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Export;

/// <summary>
/// <c>cells.csv</c>, <c>trials.csv</c> and <c>samples.csv</c>, <c>comparisons.csv</c> where artifacts were scored on the same items, and <c>tensors.csv</c> where passes report errors. Figures are in each metric's own unit, unrounded. Text that a spreadsheet would
/// run as a formula starts with a quote mark (OWASP, "CSV Injection").
/// </summary>
public sealed class CsvExporter : IExporter
{
    private static readonly CsvWriterOptions s_format = CsvWriterOptions.Default with { NewLine = "\n", Injection = CsvInjection.Escape };

    public string Name => "csv";

    public IReadOnlyList<string> Export(ReportContext report, string folder)
    {
        ArgumentNullException.ThrowIfNull(report);
        ReportModel model = report.Model;
        return
        [
            Write(folder, "cells.csv", csv => CellsCsv.Write(csv, model)),
            Write(folder, "trials.csv", csv => TrialsCsv.Write(csv, model)),
            Write(folder, "samples.csv", csv => SamplesCsv.Write(csv, model)),
            .. model.Comparisons.All.Count > 0 ? [Write(folder, "comparisons.csv", csv => ComparisonsCsv.Write(csv, model))] : Array.Empty<string>(),
            .. TensorErrors.All(model).Any() ? [Write(folder, "tensors.csv", csv => TensorsCsv.Write(csv, model))] : Array.Empty<string>(),
        ];
    }

    internal static string Write(string folder, string name, Action<CsvWriter> rows)
    {
        string path = Path.Combine(folder, name);
        AtomicFile.Write(path, stream =>
        {
            using CsvWriter csv = CsvWriter.Create(stream, s_format, leaveOpen: true);
            rows(csv);
        });
        return path;
    }
}
