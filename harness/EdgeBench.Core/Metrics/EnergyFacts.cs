namespace EdgeBench.Core.Metrics;

/// <summary>Names of the facts in <see cref="Trials.TrialOutcome.Facts"/> that stand beside the energy figures of one boundary.</summary>
public static class EnergyFacts
{
    /// <summary>Why it is not known when the trial's repetitions ran; absent where it is.</summary>
    public const string Untimed = "repetitions_untimed";

    /// <summary>Which meter, and what exactly it sees.</summary>
    public static string Meter(EnergyBoundary boundary) => Name("energy_meter", boundary);

    /// <summary>Seconds that the figures cover, an invariant number.</summary>
    public static string Seconds(EnergyBoundary boundary) => Name("energy_seconds", boundary);

    /// <summary>Uncertainty by sampling, gaps and resolution as a share (0–1) of the energy, an invariant number; the meter's own calibration is not in it.</summary>
    public static string Uncertainty(EnergyBoundary boundary) => Name("energy_uncertainty", boundary);

    /// <summary>Idle power in W before and after.</summary>
    public static string Idle(EnergyBoundary boundary) => Name("energy_idle", boundary);

    /// <summary>Why the meter's readings give no figure; absent where they do.</summary>
    public static string Missing(EnergyBoundary boundary) => Name("energy_missing", boundary);

    private static string Name(string fact, EnergyBoundary boundary) => $"{fact}_{boundary.ToString().ToLowerInvariant()}";
}
