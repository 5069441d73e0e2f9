using EdgeBench.Core.Cells;
using EdgeBench.Core.Devices;
using EdgeBench.Core.Runs;

namespace EdgeBench.Statistics.Judging;

/// <summary>Judges whether a cell's figures may be ranked, with every reason.</summary>
public static class ValidityRules
{
    /// <summary>Part of the processors that a trial uses above which it counts as disturbed when others take it.</summary>
    public const double MostContended = 0.10;

    /// <summary>Share of all processors used by others above which a trial counts as disturbed, however many are left free.</summary>
    public const double MostOtherCpuShare = 0.50;

    /// <summary>Part by which the clock may fall within a trial, or differ between trials of a cell.</summary>
    public const double MostClockDrift = 0.05;

    /// <summary>°C between the coolest and the hottest start of a cell's trials.</summary>
    public const double MostStartDrift = 15;

    /// <summary>Key of the share (0–1) that other processes used, in <see cref="Core.Trials.TrialOutcome.Conditions"/>.</summary>
    public const string OtherCpuShare = "other_cpu_share";

    /// <summary>Key of the share (0–1) that a hypervisor took away.</summary>
    public const string StealShare = "steal_share";

    /// <summary>
    /// Invalid outranks semivalid outranks valid. Reasons may stand beside "valid": a single planned session, an emulated tier.
    /// </summary>
    /// <param name="device">Facts of the cell's device; without them load of others is judged as if the trial used every processor.</param>
    public static ValidityVerdict Judge(StoredCell cell, DeviceFacts? device = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Findings findings = new();
        TrialFindings.Add(cell, findings);
        LoadFindings.Add(cell, device?.Cores, findings);
        HeatFindings.Add(cell, findings);
        SampleFindings.Add(cell, findings);
        ImportFindings.Add(cell, findings);
        ArtifactFindings.Add(cell, findings);
        CalibrationFindings.Add(cell, findings);
        EnergyFindings.Add(cell, findings);
        KernelFindings.Add(cell, findings);
        if (cell.Tier == Tier.Emulated) findings.Note("emulated device: functional only, no speed is reported");
        if (cell.Tier == Tier.Simulated) findings.Note("simulated device: figures come from a model of it");
        return findings.Verdict();
    }
}
