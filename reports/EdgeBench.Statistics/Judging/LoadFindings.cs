using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;

namespace EdgeBench.Statistics.Judging;

/// <summary>Whether others took processors that the trials needed.</summary>
internal static class LoadFindings
{
    /// <param name="cores">Processors of the device; null where they are not known, and then every processor counts as needed.</param>
    public static void Add(StoredCell cell, int? cores, Findings findings)
    {
        // Quality does not depend on load; an emulator's speed is not reported, and a modelled one has no load.
        if (cell.IsQuality || cell.Tier != Tier.Measured) return;
        List<IReadOnlyDictionary<string, double>> trials = [.. cell.Trials.Where(trial => trial.Outcome.Failure is null).Select(trial => trial.Outcome.Conditions)];
        if (trials.Count == 0) return;
        int unknown = trials.Count(conditions => !conditions.ContainsKey(ValidityRules.OtherCpuShare));
        if (unknown > 0) findings.Note($"load of others not known in {unknown} of {trials.Count} trials");
        double others = trials.Max(conditions => conditions.GetValueOrDefault(ValidityRules.OtherCpuShare));
        double stolen = trials.Max(conditions => conditions.GetValueOrDefault(ValidityRules.StealShare));
        if (cores is { } all) AddAgainst(all, Math.Min(cell.Threads, all), others, stolen, findings);
        else
        {
            string rule = $"limit {ValidityRules.MostContended:0%}, as the number of the device's processors is not known";
            if (others > ValidityRules.MostContended) findings.Semivalid($"other processes used up to {others:0%} of the processors ({rule})");
            if (stolen > ValidityRules.MostContended) findings.Semivalid($"a hypervisor took up to {stolen:0%} of the processors' time ({rule})");
        }
    }

    private static void AddAgainst(int cores, int needed, double others, double stolen, Findings findings)
    {
        double contended = (others * cores) - (cores - needed);
        if (contended > ValidityRules.MostContended * needed)
        {
            findings.Semivalid($"other processes kept up to {others * cores:0.0} of {cores} processors busy; the trial uses {needed} and leaves {cores - needed} free "
                + $"(limit: what it leaves free and {ValidityRules.MostContended:0%} of what it uses)");
        }
        else if (others > ValidityRules.MostOtherCpuShare)
            findings.Semivalid($"other processes used up to {others:0%} of the processors (limit {ValidityRules.MostOtherCpuShare:0%}: memory and clocks are shared even where processors are free)");
        // Time is stolen only from processors that want to run, so free ones do not make up for it.
        if (stolen * cores > ValidityRules.MostContended * needed)
        {
            findings.Semivalid($"a hypervisor took up to {stolen * cores:0.0} of {cores} processors' time away; the trial uses {needed} "
                + $"(limit: {ValidityRules.MostContended:0%} of what it uses)");
        }
    }
}
