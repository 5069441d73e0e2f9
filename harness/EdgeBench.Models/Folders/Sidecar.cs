using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders;

/// <summary>
/// <c>metadata.gguf</c> beside exported weights: all metadata of the file that the folder came from, the tensors that a folder has no place for, and
/// below <c>edgebench.folder.</c> what is needed to make the same file again.
/// </summary>
internal static class Sidecar
{
    public const string Name = "metadata.gguf";

    private const string Prefix = "edgebench.folder.";
    private const string VersionKey = Prefix + "version";
    private const uint Version = 1;

    /// <summary>A tensor of the file to make again.</summary>
    public sealed record Entry(string Name, GgmlType Type, long[] Dimensions);

    /// <summary>What the keys below the prefix say.</summary>
    /// <param name="Files">Files beside the weights, with their SHA-256.</param>
    /// <param name="Sha256">Of the file that the folder came from, where the way back can give it.</param>
    /// <param name="Dequantised">Such as <c>Q4_1 (210 tensors)</c>; empty where no weight changed its type.</param>
    public sealed record Content(IReadOnlyList<Entry> Tensors, IReadOnlyList<(string Name, string Sha256)> Files, string? Sha256, string Dequantised);

    public static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(IEnumerable<KeyValuePair<string, GgufValue>> original, Content content) =>
    [
        .. original.Where(entry => !entry.Key.StartsWith(Prefix, StringComparison.Ordinal)),
        new(VersionKey, GgufValue.From(Version)),
        new($"{Prefix}tensors", Texts(content.Tensors.Select(tensor => tensor.Name))),
        new($"{Prefix}types", Texts(content.Tensors.Select(tensor => tensor.Type.Info().Name))),
        new($"{Prefix}dimensions", Texts(content.Tensors.Select(tensor => string.Join(' ', tensor.Dimensions)))),
        new($"{Prefix}files", Texts(content.Files.Select(file => file.Name))),
        new($"{Prefix}files.sha256", Texts(content.Files.Select(file => file.Sha256))),
        new($"{Prefix}sha256", GgufValue.From(content.Sha256 ?? "")),
        new($"{Prefix}dequantised", GgufValue.From(content.Dequantised)),
    ];

    /// <summary>The file's own metadata, without the prefix's.</summary>
    public static IEnumerable<KeyValuePair<string, GgufValue>> Original(GgufFile sidecar) => sidecar.Metadata.Where(entry => !entry.Key.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where keys are missing or contradict each other.</summary>
    public static Content Read(GgufFile sidecar)
    {
        if (sidecar.Metadata.GetValueOrDefault(VersionKey)?.AsInteger() is not Version) throw Refused(sidecar, VersionKey, $"{Version}");
        string[] names = List(sidecar, "tensors"), types = List(sidecar, "types"), dimensions = List(sidecar, "dimensions");
        string[] files = List(sidecar, "files"), hashes = List(sidecar, "files.sha256");
        if (types.Length != names.Length || dimensions.Length != names.Length || names.Distinct(StringComparer.Ordinal).Count() != names.Length) throw Refused(sidecar, $"{Prefix}tensors", "one type and one list of dimensions for each of its names");
        if (files.Length != hashes.Length) throw Refused(sidecar, $"{Prefix}files", "one hash for each");
        string sha256 = sidecar.Metadata.GetValueOrDefault($"{Prefix}sha256")?.AsText() ?? "";
        return new Content([.. names.Select((name, i) => EntryOf(sidecar, name, types[i], dimensions[i]))], [.. files.Zip(hashes)],
            sha256.Length == 0 ? null : sha256, sidecar.Metadata.GetValueOrDefault($"{Prefix}dequantised")?.AsText() ?? "");
    }

    private static Entry EntryOf(GgufFile sidecar, string name, string typeName, string dimensions)
    {
        long[] lengths = [.. dimensions.Split(' ').Select(text => long.TryParse(text, out long length) && length is > 0 and <= 1L << 40 ? length : 0)];
        if (GgmlTypes.All.FirstOrDefault(type => type.Name == typeName) is not { } info || lengths.Length is 0 or > 4 || lengths.Contains(0) || lengths[0] % info.BlockSize != 0)
            throw Refused(sidecar, $"{Prefix}tensors", $"a type and dimensions of '{name}' that fit each other");
        return new Entry(name, info.Type, lengths);
    }

    private static string[] List(GgufFile sidecar, string key) => sidecar.Metadata.GetValueOrDefault(Prefix + key)?.AsArray() switch
    {
        { Count: 0 } => [],
        { } array when array.AsTexts() is { } texts => texts,
        _ => throw Refused(sidecar, Prefix + key, "a list of texts"),
    };

    private static GgufValue Texts(IEnumerable<string> texts) => GgufValue.From(new GgufArray(GgufValueType.String, texts.ToArray()));

    private static EdgeBenchException Refused(GgufFile sidecar, string key, string expected) =>
        EdgeBenchException.BadInput($"'{key}' is missing or damaged", expected, $"Export the model again, or remove {Name} to import the folder anew.", sidecar.Path);
}
