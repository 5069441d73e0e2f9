using System.Globalization;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.Adapters;

/// <summary>An adapter of a session: its file here, what its header says, and its strength. The same for every backend that takes <c>lora</c>.</summary>
internal sealed record LoraAdapter(OptionFile File, LoraHeader Header, float Scale)
{
    /// <summary>Option that names adapters, in every backend that takes them.</summary>
    public const string Option = "lora";

    /// <summary>Throws <see cref="TrialException"/> for a file that is not there, <see cref="EdgeBenchException"/> for one that is no adapter.</summary>
    public static IReadOnlyList<LoraAdapter> Of(IReadOnlyList<LoraOption>? options, SessionNeeds needs) => [.. (options ?? []).Select(option => Read(option, needs))];

    public static IReadOnlyList<string> Files(IReadOnlyList<LoraOption>? options) => [.. (options ?? []).Select(option => option.Path)];

    /// <summary><see cref="IBackend.Additions"/>.</summary>
    public static string? Additions(IReadOnlyList<LoraOption>? options) => options is { Count: > 0 } ? EdgeBenchJson.Serialize(options) : null;

    /// <summary>For the tables: which adapters, and how much was trained.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Facts(IReadOnlyList<LoraAdapter> adapters)
    {
        if (adapters.Count == 0) yield break;
        yield return new("lora", string.Join(", ", adapters.Select(adapter => adapter.File.Name)));
        yield return new("lora_sha256", string.Join(", ", adapters.Select(adapter => adapter.File.Sha256)));
        yield return new("lora_rank", string.Join(", ", adapters.Select(adapter => adapter.Rank)));
        yield return new("lora_alpha", string.Join(", ", adapters.Select(adapter => adapter.Header.Alpha.ToString(CultureInfo.InvariantCulture))));
        yield return new("lora_scale", string.Join(", ", adapters.Select(adapter => adapter.Scale.ToString(CultureInfo.InvariantCulture))));
        yield return new("lora_matrices", $"{adapters.Sum(adapter => adapter.Header.Pairs.Count)}");
        yield return new("lora_parameters", $"{adapters.Sum(adapter => adapter.Header.Parameters)}");
        yield return new("lora_bytes", $"{adapters.Sum(adapter => adapter.Header.Bytes)}");
    }

    private string Rank => (Header.Pairs.Min(pair => pair.Rank), Header.Pairs.Max(pair => pair.Rank)) is var (least, most) && least == most ? $"{most}" : $"{least} to {most}";

    private static LoraAdapter Read(LoraOption option, SessionNeeds needs)
    {
        OptionFile file = OptionFile.Of(option.Path, Option, needs);
        using GgufFile gguf = GgufFile.Open(file.Path);
        return new(file, LoraHeader.Of(gguf), (float)option.Scale);
    }
}
