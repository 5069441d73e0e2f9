using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics.Judging;

/// <summary>What failed, what is missing and what disturbed the trials.</summary>
internal static class TrialFindings
{
    public static void Add(StoredCell cell, Findings findings)
    {
        List<StoredTrial> done = [.. cell.Trials.Where(trial => trial.Outcome.Failure is null)];
        AddFailures(cell, done.Count, findings);
        if (done.Count == 0) return;
        int sessions = done.Select(trial => trial.Session).Distinct().Count();
        if (sessions < cell.PlannedTrials) findings.Semivalid($"{sessions} of {cell.PlannedTrials} planned sessions measured");
        else if (sessions == 1 && !cell.IsQuality) findings.Note("one session: intervals cover variation inside it only");
        foreach (StoredTrial trial in done)
        {
            foreach (string warning in trial.Outcome.Warnings) findings.Semivalid($"not applied: {warning}");
        }
        double worst = done.Max(trial => trial.Outcome.Conditions.GetValueOrDefault(ValidityRules.OtherCpuShare));
        if (worst > ValidityRules.MostOtherCpuShare && !cell.IsQuality)
            findings.Semivalid($"other processes used up to {worst:0%} of the processors (limit {ValidityRules.MostOtherCpuShare:0%})");
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
