using System.Text.Json;
using EdgeBench.Core.Trials;

namespace EdgeBench.Core.Backends;

/// <summary>A runtime that executes artifacts. Seam: implement, add to the registry in EdgeBench.Backends.</summary>
public interface IBackend
{
    /// <summary>Registered type name, such as <c>llamacpp</c>.</summary>
    string Name { get; }

    /// <summary>Artifact format that it runs, such as <c>gguf</c>.</summary>
    string Format { get; }

    /// <summary>The format that it runs with these options; <see cref="Format"/> unless they decide.</summary>
    string FormatOf(JsonElement options) => Format;

    /// <summary>Record type of its options in <c>bench.yaml</c>; every property has a default.</summary>
    Type OptionsType { get; }

    /// <summary>Paths of files that these options name and that are sent to the device, as written; their hashes are part of a cell's key.</summary>
    IReadOnlyList<string> DataFiles(JsonElement options) => [];

    /// <summary>
    /// What these options add to the model itself, such as adapters with their strengths, canonical; null where the artifact alone decides what is computed.
    /// Only cells that add the same have a common reference.
    /// </summary>
    string? Additions(JsonElement options) => null;

    /// <summary>Why these options mean nothing for a session with these needs, as far as they tell without any file; null where they do.</summary>
    string? Unsuited(JsonElement options, SessionNeeds needs) => null;

    /// <summary>Whether it can run on this machine, without loading anything heavy.</summary>
    BackendStatus Probe(JsonElement options);

    /// <summary>
    /// Why it cannot run this artifact with these options, or null. Opens nothing but headers: the artifact's, and those of files that the options name.
    /// </summary>
    TrialFailure? Refuse(ArtifactFile artifact, JsonElement options, SessionNeeds needs);

    /// <summary>Loads an artifact. Throws <see cref="TrialException"/> with the kind of failure.</summary>
    IBackendSession Open(ArtifactFile artifact, JsonElement options, SessionNeeds needs);
}

/// <summary>Whether a backend is there, and what to do where it is not.</summary>
public sealed record BackendStatus(bool Installed, string? Version, string? Folder, string? Problem, string? Remedy);

/// <summary>What a workload needs of a session.</summary>
/// <param name="Threads">CPU threads.</param>
/// <param name="Context">Tokens that the context must hold.</param>
/// <param name="LogitRows">Largest number of positions of one evaluation whose logits are read; 1 when only the last.</param>
public sealed record SessionNeeds(int Threads, int Context, int LogitRows)
{
    /// <summary>Whether the tokens that are decoded are the model's own greedy choices.</summary>
    public bool OwnText { get; init; }

    /// <summary>Where the files that options name lie, by the path as written; null where such paths are this machine's own.</summary>
    public IReadOnlyDictionary<string, DataFile>? Files { get; init; }
}

/// <summary>A typed failure inside a trial's process.</summary>
public sealed class TrialException(TrialFailure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    public TrialException(FailureKind kind, string message, string? remedy = null)
        : this(new TrialFailure(kind, message, remedy))
    {
    }

    public TrialFailure Failure { get; } = failure;
}
