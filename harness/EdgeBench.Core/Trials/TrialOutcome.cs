namespace EdgeBench.Core.Trials;

/// <summary>What came of a trial: either series or a failure.</summary>
public sealed record TrialOutcome
{
    public required string TrialId { get; init; }

    /// <summary>Epoch of the lease on the device under which it ran; 0 where it did not run.</summary>
    public long LeaseEpoch { get; init; }

    public TrialFailure? Failure { get; init; }

    public IReadOnlyList<Series> Series { get; init; } = [];

    /// <summary>UTC on the device's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Seconds from starting the process to its end.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds from starting the process to the start of its first repetition, model load excluded.</summary>
    public double OverheadSeconds { get; init; }

    /// <summary>What the process found: runtime version, library hash, CPU variant, context length, flash attention in effect …</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The device before and after: load of others, clocks, temperatures.</summary>
    public IReadOnlyDictionary<string, double> Conditions { get; init; } = new Dictionary<string, double>();

    /// <summary>Options that were asked for and did not take effect.</summary>
    public IReadOnlyList<string> NotApplied { get; init; } = [];

    /// <summary>Other things that a reader must know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
