using EdgeBench.Core.Cells;
using EdgeBench.Core.Runs;

namespace EdgeBench.Statistics.Judging;

/// <summary>Judges whether a cell's figures may be ranked, with every reason.</summary>
public static class ValidityRules
{
    /// <summary>Share of the processors used by other processes above which a trial counts as disturbed.</summary>
    public const double MostOtherCpuShare = 0.10;

    /// <summary>Key of that share (0–1) in <see cref="Core.Trials.TrialOutcome.Conditions"/>.</summary>
    public const string OtherCpuShare = "other_cpu_share";

    /// <summary>
    /// Invalid outranks semivalid outranks valid. Reasons may stand beside "valid": a single planned session, an emulated tier.
    /// </summary>
    public static ValidityVerdict Judge(StoredCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Findings findings = new();
        TrialFindings.Add(cell, findings);
        SampleFindings.Add(cell, findings);
        ArtifactFindings.Add(cell, findings);
        if (cell.Tier == Tier.Emulated) findings.Note("emulated device: functional only, no speed is reported");
        if (cell.Tier == Tier.Simulated) findings.Note("simulated device: figures come from a model of it");
        return findings.Verdict();
    }
}
