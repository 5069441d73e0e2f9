using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;

namespace EdgeBench.Core.Trials;

/// <summary>Everything that a trial's process needs to know.</summary>
public sealed record TrialRequest
{
    public required string TrialId { get; init; }

    public required string CellId { get; init; }

    /// <summary>Registered backend type.</summary>
    public required string Backend { get; init; }

    public required JsonElement BackendOptions { get; init; }

    public required ArtifactFile Artifact { get; init; }

    /// <summary>The uncompressed reference for quality workloads.</summary>
    public ArtifactFile? Reference { get; init; }

    /// <summary>Who runs the reference; null where <see cref="Backend"/> does, with its options.</summary>
    public ReferenceRunner? ReferenceRunner { get; init; }

    /// <summary>Registered workload type.</summary>
    public required string Workload { get; init; }

    public required JsonElement Parameters { get; init; }

    public required int Threads { get; init; }

    /// <summary>Files that the workload reads and that the backends' options name, by the path as written there.</summary>
    public IReadOnlyDictionary<string, DataFile> Data { get; init; } = new Dictionary<string, DataFile>();

    public required Sampling Sampling { get; init; }

    public required TrialLimits Limits { get; init; }

    /// <summary>Seed of prompts.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Power meters that the agent reads while the trial runs.</summary>
    public IReadOnlyList<MeterSpec> Meters { get; init; } = [];

    public CooldownSpec? Cooldown { get; init; }

    public TuningSpec? Tuning { get; init; }
}

/// <summary>A backend that runs the reference of a cell of another backend.</summary>
/// <param name="Backend">Registered backend type.</param>
public sealed record ReferenceRunner(string Backend, JsonElement Options);

/// <summary>An artifact on the device with what it must be.</summary>
/// <param name="Path">Its main file.</param>
/// <param name="Bytes">Of the main file, as <paramref name="Sha256"/> is.</param>
public sealed record ArtifactFile(string Path, string Format, long Bytes, string Sha256)
{
    /// <summary>Further files beside the main one: external data, the tokenizer.</summary>
    public IReadOnlyList<ArtifactPart> Parts { get; init; } = [];

    /// <summary>The part that is its adapter, or null.</summary>
    [JsonIgnore]
    public ArtifactPart? Adapter => Parts.FirstOrDefault(part => part.Name == ArtifactPart.Adapter);

    /// <summary>Whether another computes the same: the same main file, with the same adapter or none.</summary>
    public bool IsSameAs(ArtifactFile other) => Sha256 == other.Sha256 && Adapter?.Sha256 == other.Adapter?.Sha256;
}

/// <summary>A text, data set or adapter on the device with what it must be.</summary>
public sealed record DataFile(string Path, string Sha256);

/// <summary>When a trial has enough samples. Times in seconds.</summary>
public sealed record Sampling(int Warmup, int MinSamples, double MinDuration, double MaxDuration);

/// <summary>Wall seconds and resident bytes of a trial's process; 0 bytes means 90 % of the device's memory.</summary>
public sealed record TrialLimits(double TimeLimit, long MemoryLimit);
