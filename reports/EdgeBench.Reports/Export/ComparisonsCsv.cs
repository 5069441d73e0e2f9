using CsvHelper;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;
using EdgeBench.Statistics;

namespace EdgeBench.Reports.Export;

/// <summary><c>comparisons.csv</c>: a row for each figure of each artifact against the uncompressed one on the same items.</summary>
internal static class ComparisonsCsv
{
    public static void Write(CsvWriter csv, ReportModel model)
    {
        csv.Text("model", "recipe", "reference", "backend", "device", "tier", "workload", "threads", "metric", "items", "reference_value", "value", "difference", "difference_low",
            "difference_high", "difference_interval", "only_reference_right", "only_artifact_right", "mcnemar_midp", "mcnemar_exact", "validity", "reference_validity");
        csv.EndRecord();
        foreach (ItemComparison row in model.Comparisons.All)
        {
            StoredCell cell = row.Cell.Stored;
            PairedItems figures = row.Figures;
            csv.Text(cell.Model, cell.Recipe, row.Reference.Stored.Recipe, cell.Backend, cell.Device, CsvFields.Word(cell.Tier), cell.Workload);
            csv.WriteField(cell.Threads);
            csv.Text(figures.Metric.Name);
            csv.WriteField(figures.Items);
            csv.WriteField(figures.First);
            csv.WriteField(figures.Second);
            csv.WriteField(figures.Difference);
            csv.WriteField(figures.Interval?.Low);
            csv.WriteField(figures.Interval?.High);
            csv.Text(MetricText.Kind(figures.Interval));
            csv.WriteField(figures.Test?.Lost);
            csv.WriteField(figures.Test?.Won);
            csv.WriteField(figures.Test?.MidP);
            csv.WriteField(figures.Test?.Exact);
            csv.Text(CsvFields.Word(row.Cell.Verdict.Validity), CsvFields.Word(row.Reference.Verdict.Validity));
            csv.EndRecord();
        }
    }
}
