using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Core.Configuration;

/// <summary>How long and how often a cell is measured.</summary>
public sealed record MeasureSpec
{
    /// <summary>Trials of every cell, each in its own round over all cells.</summary>
    [Description("Trials of every cell, each in its own round over all cells."), Range(1, 1000)]
    public int Sessions { get; init; } = 3;

    /// <summary>Unrecorded repetitions before the first sample of a trial.</summary>
    [Description("Unrecorded repetitions before the first sample of a trial."), Range(0, 10_000)]
    public int Warmup { get; init; } = 1;

    /// <summary>Repetitions that a trial records at least.</summary>
    [Description("Repetitions that a trial records at least."), Range(1, 1_000_000)]
    public int MinSamples { get; init; } = 5;

    /// <summary>Time that a trial samples for at least.</summary>
    [Description("Time that a trial samples for at least."), Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MinDuration { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which a trial takes no further sample, even if it has fewer than <see cref="MinSamples"/>; the cell is then invalid and says so.</summary>
    [Description("Time after which a trial takes no further sample, even if it has fewer than min_samples; the cell is then invalid and says so."), Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wall time after which a trial's process is killed as hung.</summary>
    [Description("Wall time after which a trial's process is killed as hung."), Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Resident bytes above which a trial's process is killed; 0 means 90 % of the device's memory.</summary>
    [Description("Resident bytes above which a trial's process is killed; 0 means 90 % of the device's memory."), ByteSize, Range(0, double.MaxValue)]
    public long MemoryLimit { get; init; }

    /// <summary>Seed of the order in which cells are measured and of prompts; null draws one and records it.</summary>
    [Description("Seed of the order in which cells are measured and of prompts; left out, one is drawn and recorded.")]
    public ulong? Seed { get; init; }
}
