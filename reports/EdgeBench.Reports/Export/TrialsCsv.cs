using CsvHelper;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Export;

/// <summary><c>trials.csv</c>: one row for each trial, with what came of it and every condition of the device that was read around it.</summary>
internal static class TrialsCsv
{
    public static void Write(CsvWriter csv, ReportModel model)
    {
        string[] conditions =
        [
            .. model.Cells.SelectMany(cell => cell.Stored.Trials).SelectMany(trial => trial.Outcome.Conditions.Keys).Distinct().Order(StringComparer.Ordinal),
        ];
        csv.Text("cell", "key", "trial", "session", "order", "device", "tier", "threads", "harness_version", "started", "seconds", "overhead_s",
            "failure", "failure_message", "failure_remedy", "earlier_failures", "not_applied", "remarks");
        // A prefix, because an agent names its conditions as it likes.
        foreach (string condition in conditions) csv.WriteField($"condition_{condition}");
        csv.EndRecord();
        foreach (StoredCell cell in model.Cells.Select(cell => cell.Stored))
        {
            foreach (StoredTrial trial in cell.Trials) Trial(csv, cell, trial, conditions);
        }
    }

    private static void Trial(CsvWriter csv, StoredCell cell, StoredTrial trial, string[] conditions)
    {
        TrialOutcome outcome = trial.Outcome;
        csv.Text(cell.Id, cell.Key, trial.TrialId);
        csv.WriteField(trial.Session);
        csv.WriteField(trial.Order);
        csv.Text(cell.Device, CsvFields.Word(cell.Tier));
        csv.WriteField(cell.Threads);
        csv.Text(trial.HarnessVersion, outcome.StartedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
        csv.WriteField(outcome.Seconds);
        csv.WriteField(outcome.OverheadSeconds);
        csv.Text(outcome.Failure is { } failure ? Kind(failure) : "", outcome.Failure?.Message ?? "", outcome.Failure?.Remedy ?? "",
            CsvFields.Joined(trial.EarlierFailures.Select(earlier => $"{Kind(earlier)}: {earlier.Message}")), CsvFields.Joined(outcome.NotApplied), CsvFields.Joined(outcome.Warnings));
        foreach (string condition in conditions) csv.WriteField(outcome.Conditions.TryGetValue(condition, out double value) ? value : null);
        csv.EndRecord();
    }

    private static string Kind(TrialFailure failure) => Core.IO.EdgeBenchJson.Serialize(failure.Kind).Trim('"');
}
