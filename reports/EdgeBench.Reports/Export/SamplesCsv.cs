using CsvHelper;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Export;

/// <summary><c>samples.csv</c>: one row for each raw reading.</summary>
internal static class SamplesCsv
{
    public static void Write(CsvWriter csv, ReportModel model)
    {
        csv.Text("cell", "trial", "session", "repetition", "metric", "unit", "value", "at_s", "tier");
        csv.EndRecord();
        csv.ParallelWrite(model.Cells.SelectMany(cell => cell.Stored.Trials.Select(trial => (cell.Stored, trial))), (part, entry) => Trial(part, entry.Stored, entry.trial), -1);
    }

    private static void Trial(CsvWriter csv, StoredCell cell, StoredTrial trial)
    {
        string tier = CsvFields.Word(cell.Tier);
        foreach (Series series in trial.Outcome.Series)
        {
            Metric? metric = MetricRegistry.Find(series.Metric);
            if (metric is not null && !Reportable.Reading(metric, cell.Tier)) continue;
            for (int i = 0; i < series.Values.Length; i++)
            {
                csv.Text(cell.Id, trial.TrialId);
                csv.WriteField(trial.Session);
                csv.WriteField(i < series.Repetition.Length ? series.Repetition[i] : null);
                csv.Text(series.Metric, metric?.Unit ?? "");
                csv.WriteField(series.Values[i]);
                csv.WriteField(i < series.At.Length ? series.At[i] : null);
                csv.Text(tier);
                csv.EndRecord();
            }
        }
    }
}
