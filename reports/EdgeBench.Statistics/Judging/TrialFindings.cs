using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics.Judging;

/// <summary>What failed, what is missing, what did not take effect and what else the trials remark.</summary>
internal static class TrialFindings
{
    public static void Add(StoredCell cell, Findings findings)
    {
        List<StoredTrial> done = [.. cell.Trials.Where(trial => trial.Outcome.Failure is null)];
        AddFailures(cell, done.Count, findings);
        foreach (StoredTrial trial in cell.Trials.OrderBy(trial => trial.Session)) AddEarlier(trial, findings);
        if (done.Count == 0) return;
        int sessions = done.Select(trial => trial.Session).Distinct().Count();
        if (sessions < cell.PlannedTrials) findings.Semivalid($"{sessions} of {cell.PlannedTrials} planned sessions measured");
        else if (sessions == 1 && !cell.IsQuality) findings.Note("one session: intervals cover variation inside it only");
        foreach (string option in done.SelectMany(trial => trial.Outcome.NotApplied)) findings.Semivalid($"not applied: {option}");
        // A remark does not make a figure worse: a metric that it explains away is missing, and that is judged by itself.
        foreach (string remark in done.SelectMany(trial => trial.Outcome.Warnings)) findings.Note(remark);
    }

    private static void AddFailures(StoredCell cell, int done, Findings findings)
    {
        if (cell.Trials.Count == 0) findings.Invalid($"not measured yet: 0 of {cell.PlannedTrials} trials ran");
        foreach (var group in cell.Trials.Where(trial => trial.Outcome.Failure is not null)
            .GroupBy(trial => (trial.Outcome.Failure!.Kind, trial.Outcome.Failure.Message, trial.Outcome.Failure.Remedy)))
        {
            string times = group.Count() > 1 ? $" ({group.Count()} times)" : "";
            string remedy = group.Key.Remedy is { Length: > 0 } text ? $" Remedy: {text}" : "";
            string reason = $"{Name(group.Key.Kind)}{times}: {group.Key.Message.TrimEnd('.')}.{remedy}";
            if (done == 0) findings.Invalid(reason);
            else findings.Semivalid(reason);
        }
    }

    // Whoever shows only the attempt that worked hides how often the artifact does not: survivors are marked. A device that went away, and a
    // file or library that was put in place since, say nothing about the cell.
    private static void AddEarlier(StoredTrial trial, Findings findings)
    {
        if (trial.EarlierFailures.Count == 0) return;
        string attempts = trial.EarlierFailures.Count == 1 ? "1 failed attempt" : $"{trial.EarlierFailures.Count} failed attempts";
        string outcome = trial.Outcome.Failure is null ? "succeeded" : "failed again";
        string kinds = string.Join("; ", trial.EarlierFailures.Select(failure => $"{Name(failure.Kind)}: {failure.Message.TrimEnd('.')}").Distinct());
        string reason = $"session {trial.Session + 1} {outcome} after {attempts}: {kinds}";
        if (trial.EarlierFailures.Any(failure => failure.Kind is FailureKind.Crash or FailureKind.OutOfMemory or FailureKind.Hang or FailureKind.Protocol)) findings.Semivalid(reason);
        else findings.Note(reason);
    }

    private static string Name(FailureKind kind) => kind switch
    {
        FailureKind.OutOfMemory => "out of memory",
        FailureKind.MissingArtifact => "missing artifact",
        FailureKind.BackendMissing => "backend missing",
        FailureKind.BuildFailed => "build failed",
        FailureKind.DeviceLost => "device lost",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
