using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Devices;
using EdgeBench.Core.Trials;

namespace EdgeBench.Core.Runs;

/// <summary>A run as its journal holds it; all that a report needs.</summary>
public sealed record StoredRun
{
    /// <summary>File that it was read from.</summary>
    public required string Path { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Configuration as it was, with provenance: commit, config hash, harness version, command line, seed.</summary>
    public required IReadOnlyDictionary<string, string> Provenance { get; init; }

    /// <summary>The frozen configuration as JSON.</summary>
    public required string ConfigurationJson { get; init; }

    public required IReadOnlyDictionary<string, DeviceFacts> Devices { get; init; }

    /// <summary>Every planned cell of the latest plan, measured or not.</summary>
    public required IReadOnlyList<StoredCell> Cells { get; init; }

    public required IReadOnlyList<StoredExclusion> Excluded { get; init; }

    /// <summary>Cells that <c>--filter</c> left out of the latest plan.</summary>
    public int FilteredOut { get; init; }
}

/// <summary>A planned cell with its trials.</summary>
public sealed record StoredCell
{
    /// <summary>Hash of everything that decides what is measured.</summary>
    public required string Key { get; init; }

    public required string Id { get; init; }

    public required string Model { get; init; }

    public required string Recipe { get; init; }

    public required string Backend { get; init; }

    public required string Device { get; init; }

    public required string Workload { get; init; }

    /// <summary>Workload type: <c>single-stream</c>, <c>perplexity</c>.</summary>
    public required string WorkloadType { get; init; }

    /// <summary><c>pp512</c>, <c>tg128 @ d4096</c>, <c>perplexity</c>.</summary>
    public required string Test { get; init; }

    public required int Threads { get; init; }

    public required Tier Tier { get; init; }

    /// <summary>Trials that the plan asks for.</summary>
    public required int PlannedTrials { get; init; }

    /// <summary>Samples and sampling seconds that a valid trial has at least.</summary>
    public required int MinSamples { get; init; }

    public required double MinDuration { get; init; }

    /// <summary>Metric names that a successful trial must hold.</summary>
    public required IReadOnlyList<string> ExpectedMetrics { get; init; }

    /// <summary>What the artifact's file really holds; null where it was never built.</summary>
    public ArtifactDescription? Artifact { get; init; }

    /// <summary>What quality is compared with; null where nothing is.</summary>
    public ArtifactDescription? Reference { get; init; }

    /// <summary>Name of the backend that runs the reference where it is not the cell's own.</summary>
    public string? ReferenceBackend { get; init; }

    public required IReadOnlyList<StoredTrial> Trials { get; init; }

    /// <summary>True for workloads that score quality.</summary>
    public bool IsQuality { get; init; }

    /// <summary>The artifact's recipe compresses nothing: what others are compared with item by item. Only known of quality cells.</summary>
    public bool IsUncompressed { get; init; }
}

/// <summary>One executed trial.</summary>
public sealed record StoredTrial
{
    public required string TrialId { get; init; }

    /// <summary>0-based round.</summary>
    public required int Session { get; init; }

    /// <summary>Position in the order in which its command ran trials.</summary>
    public required int Order { get; init; }

    public required TrialOutcome Outcome { get; init; }

    /// <summary>Why earlier attempts at this cell and session failed, oldest first.</summary>
    public IReadOnlyList<TrialFailure> EarlierFailures { get; init; } = [];

    /// <summary>Version of the harness that ran it.</summary>
    public string HarnessVersion { get; init; } = "";
}

/// <summary>A combination that was not planned, and why.</summary>
public sealed record StoredExclusion(string Id, string Model, string Recipe, string Backend, string Device, string Workload, string Reason);
