using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Onnx.Reading;

namespace EdgeBench.Models.Sources;

/// <summary>
/// An ONNX file of anybody's as a checkpoint: it runs as it is, with its external data and the tokenizer beside it, and no pass works on it.
/// </summary>
public static class OnnxCheckpoint
{
    public const string Format = "onnx";

    private static readonly string[] s_tokenizers = [OnnxExporter.TokenizerFile, "tokenizer.json", "tokenizer_config.json"];

    public static bool Is(string path) => path.EndsWith($".{Format}", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Names of the files that belong to the model: external data, then the tokenizer. Throws <see cref="EdgeBenchException"/> (bad input) for external
    /// data in a folder below the model's.
    /// </summary>
    public static IReadOnlyList<string> Parts(OnnxHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        string folder = Path.GetDirectoryName(Path.GetFullPath(header.Path))!;
        foreach (string name in header.ExternalFiles.Keys.Where(name => Path.GetFileName(name) != name))
            throw EdgeBenchException.BadInput($"external data '{name}'", "a file in the model's own folder", "Save the model again with its data beside it.", header.Path);
        return [.. header.ExternalFiles.Keys.Order(StringComparer.Ordinal), .. s_tokenizers.Where(name => File.Exists(Path.Combine(folder, name)))];
    }

    internal static CheckpointOutline Outline(string path)
    {
        OnnxHeader header = OnnxHeader.Read(path);
        FileInfo info = new(path);
        return new CheckpointOutline(null, header.FileBytes + header.ExternalFiles.Values.Sum(), Present: true, RandomWeights: false,
            $"{info.FullName}|{info.Length}|{info.LastWriteTimeUtc.Ticks}")
        { Format = Format };
    }

    /// <summary>The checkpoint's hash is the model's own, or covers model and external data where there is any.</summary>
    internal static Checkpoint Resolve(string path, string? expected, string cacheFolder)
    {
        OnnxHeader header = OnnxHeader.Read(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string own = FileHashCache.Sha256(path, cacheFolder);
        FileHashCache.Check(expected, own, path);
        string[] all = [own, .. Parts(header).Select(name => FileHashCache.Sha256(Path.Combine(folder, name), cacheFolder))];
        return new Checkpoint(path, Format, all.Length == 1 ? own : ContentHash.OfText(string.Join('\n', all)), header.FileBytes, RandomWeights: false);
    }
}
