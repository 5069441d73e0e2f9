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

    /// <summary>Whether it can run on this machine, without loading anything heavy.</summary>
    BackendStatus Probe(JsonElement options);

    /// <summary>
    /// Why it cannot run this artifact with these options, or null. Opens nothing but the artifact's header.
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
public sealed record SessionNeeds(int Threads, int Context, int LogitRows);

/// <summary>A typed failure inside a trial's process.</summary>
public sealed class TrialException(TrialFailure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    public TrialException(FailureKind kind, string message, string? remedy = null)
        : this(new TrialFailure(kind, message, remedy))
    {
    }

    public TrialFailure Failure { get; } = failure;
}
