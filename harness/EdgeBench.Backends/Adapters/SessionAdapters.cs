using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.Adapters;

/// <summary>An adapter of any kind: its file here, and what its header says.</summary>
/// <param name="Source">Who names it: the option, or the artifact whose part it is.</param>
internal sealed record NamedAdapter(OptionFile File, AdapterHeader Header, string Source);

/// <summary>All adapters of a session: those of <c>lora</c> with their strengths, the one of <c>adapter</c>, and the artifact's own.</summary>
internal sealed record SessionAdapters(IReadOnlyList<LoraAdapter> Loras, IReadOnlyList<NamedAdapter> Named)
{
    /// <summary>Option that names an adapter of any kind.</summary>
    public const string Option = "adapter";

    public static SessionAdapters None { get; } = new([], []);

    public IEnumerable<AdapterHeader> Headers => [.. Loras.Select(lora => lora.Header), .. Named.Select(named => named.Header)];

    /// <summary>Those that are LoRA, wherever they are named.</summary>
    public IReadOnlyList<LoraAdapter> AllLoras => [.. Loras, .. Named.Where(named => named.Header is LoraHeader).Select(named => new LoraAdapter(named.File, (LoraHeader)named.Header, 1))];

    /// <summary>Throws <see cref="TrialException"/> for a file that is not there, <see cref="EdgeBenchException"/> for one that is no adapter.</summary>
    public static SessionAdapters Of(IReadOnlyList<LoraOption>? loras, string? adapter, ArtifactFile artifact, SessionNeeds needs) => new(
        LoraAdapter.Of(loras, needs),
        [
            .. artifact.Adapter is { } part ? [Read(PartOf(artifact, part), "artifact")] : Array.Empty<NamedAdapter>(),
            .. adapter is not null ? [Read(OptionFile.Of(adapter, Option, needs), "option")] : Array.Empty<NamedAdapter>(),
        ]);

    /// <summary><see cref="IBackend.DataFiles"/>.</summary>
    public static IReadOnlyList<string> Files(IReadOnlyList<LoraOption>? loras, string? adapter) => adapter is null ? LoraAdapter.Files(loras) : [.. LoraAdapter.Files(loras), adapter];

    /// <summary><see cref="IBackend.Additions"/>.</summary>
    public static string? Additions(IReadOnlyList<LoraOption>? loras, string? adapter) => adapter is null ? LoraAdapter.Additions(loras) : EdgeBenchJson.Serialize(new { adapter, loras });

    /// <summary>Why a backend that runs a file alone does not take an artifact with an adapter beside it; null for others.</summary>
    public static TrialFailure? Refuse(ArtifactFile artifact, string backend) => artifact.Adapter is null ? null
        : new(FailureKind.Unsupported, $"{backend} runs no adapter beside a model, and '{ArtifactPart.Adapter}' is a part of this artifact", "Run it on managed, or merge the adapter in the recipe.");

    /// <summary>All of them with their values.</summary>
    public IReadOnlyList<RunAdapter> Read() => [.. Loras.Select(lora => LoraFile.Read(lora.File.Path, lora.Scale)), .. Named.Select(named => RunAdapter.Read(named.File.Path))];

    /// <summary>For the tables: which adapters, and how much was trained.</summary>
    public IEnumerable<KeyValuePair<string, string>> Facts()
    {
        foreach (KeyValuePair<string, string> fact in LoraAdapter.Facts(Loras)) yield return fact;
        if (Named.Count == 0) yield break;
        yield return new("adapter", Joined(named => named.File.Name));
        yield return new("adapter_source", Joined(named => named.Source));
        yield return new("adapter_kind", Joined(named => AdapterHeader.NameOf(named.Header.Kind)));
        yield return new("adapter_sha256", Joined(named => named.File.Sha256));
        yield return new("adapter_parameters", $"{Named.Sum(named => named.Header.Parameters)}");
        yield return new("adapter_bytes", $"{Named.Sum(named => named.Header.Bytes)}");
        if (Named.Sum(named => named.Header.VirtualTokens) is > 0 and { } tokens) yield return new("virtual_tokens", $"{tokens}, computed once");
    }

    private string Joined(Func<NamedAdapter, string> text) => string.Join(", ", Named.Select(text));

    private static OptionFile PartOf(ArtifactFile artifact, ArtifactPart part)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(artifact.Path))!, ArtifactPart.Adapter);
        return File.Exists(path) ? new(part.Name, path, part.Sha256) : throw new TrialException(FailureKind.MissingArtifact, $"the artifact's part '{path}' is not there", "Build the artifact again.");
    }

    private static NamedAdapter Read(OptionFile file, string source)
    {
        using GgufFile gguf = GgufFile.Open(file.Path);
        return new(file, AdapterHeader.Of(gguf), source);
    }
}
