namespace EdgeBench.Core.Configuration;

/// <summary>How long and how often a cell is measured.</summary>
public sealed record MeasureSpec
{
    /// <summary>Trials of every cell, each in its own round over all cells.</summary>
    public int Sessions { get; init; } = 3;

    /// <summary>Unrecorded repetitions before the first sample of a trial.</summary>
    public int Warmup { get; init; } = 1;

    /// <summary>Repetitions that a trial records at least.</summary>
    public int MinSamples { get; init; } = 5;

    /// <summary>Time that a trial samples for at least.</summary>
    public TimeSpan MinDuration { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which a trial takes no further sample once it has <see cref="MinSamples"/>.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wall time after which a trial's process is killed as hung.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Resident bytes above which a trial's process is killed; 0 means 90 % of the device's memory.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>Seed of the order in which cells are measured and of prompts; null draws one and records it.</summary>
    public ulong? Seed { get; init; }
}
