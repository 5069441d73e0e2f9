using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>Writes the model of a GGUF file as ONNX, for ONNX Runtime.</summary>
public static class OnnxExporter
{
    public const string ModelFile = "model.onnx";

    /// <summary>All metadata of the GGUF file and no tensors: the tokenizer, the history, the dimensions.</summary>
    public const string TokenizerFile = "tokenizer.gguf";

    /// <summary>Above this much, weights go to a file of their own: protobuf ends at 2 GiB, and the graph needs room.</summary>
    private const long LargestInside = 1_900_000_000;

    private const string HistoryPrefix = "edgebench.";

    /// <summary>
    /// Writes <c>model.onnx</c> (last, so that its presence says that all is there), <c>model.onnx.data</c> where weights are external, and
    /// <c>tokenizer.gguf</c>. Throws <see cref="EdgeBenchException"/> (bad input) for an architecture or a tensor type that ONNX cannot hold, before
    /// anything is written; on any failure nothing stays.
    /// </summary>
    /// <param name="folder">Empty, or not there yet.</param>
    public static OnnxExportReport Export(
        GgufFile input, string folder, OnnxExportOptions options, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        if (options.AccuracyLevel is < 0 or > 4)
            throw EdgeBenchException.BadInput($"accuracy_level {options.AccuracyLevel}", "0 to 4", "Correct 'accuracy_level' of the export.");
        string target = Path.GetFullPath(folder);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw EdgeBenchException.BadInput($"folder '{target}' is not empty", "an empty folder", "Name another folder.");

        ModelArchitecture architecture = GgufArchitecture.Of(input);
        OnnxGraph graph = new();
        WeightGraph weights = new(input, graph, options);
        int context = Build(input, architecture, options, graph, weights);
        OnnxModel model = new(graph, Metadata(input, architecture, context));
        long bytes = OnnxFile.WeightBytes(model);
        bool external = options.ExternalData == ExternalData.Always || bytes > LargestInside;
        DiskSpace.Require(target, bytes, "the ONNX model");
        progress?.Report($"writing {graph.Initializers.Count} tensors, {bytes / 1e6:N1} MB");

        string[] names = external ? [ModelFile, $"{ModelFile}.data", TokenizerFile] : [ModelFile, TokenizerFile];
        bool existed = Directory.Exists(target);
        try
        {
            DiskSpace.Guard(target, "the ONNX model", () =>
            {
                GgufWriter.Write(Path.Combine(target, TokenizerFile), input.Metadata, []);
                OnnxFile.Write(model, Path.Combine(target, ModelFile), external, cancellation);
            });
        }
        catch
        {
            foreach (string name in names) File.Delete(Path.Combine(target, name));
            if (!existed && Directory.Exists(target)) Directory.Delete(target);
            throw;
        }
        return new([.. names.Select(name => new OnnxExportFile(name, new FileInfo(Path.Combine(target, name)).Length))], bytes, weights.Parameters, context, weights.Reports);
    }

    /// <summary>Answers the positions that the model takes.</summary>
    private static int Build(GgufFile input, ModelArchitecture architecture, OnnxExportOptions options, OnnxGraph graph, WeightGraph weights)
    {
        if (architecture.IsEncoder)
        {
            new EncoderGraph(input, architecture, graph, weights).Build();
            return architecture.Context;
        }
        DecoderGraph decoder = new(input, architecture, options, graph, weights);
        decoder.Build();
        return decoder.Context;
    }

    private static Dictionary<string, string> Metadata(GgufFile input, ModelArchitecture architecture, int context)
    {
        Dictionary<string, string> metadata = new()
        {
            [$"{HistoryPrefix}format"] = "1",
            [$"{HistoryPrefix}architecture"] = architecture.Name,
            [$"{HistoryPrefix}context"] = $"{context}",
        };
        foreach ((string key, GgufValue value) in input.Metadata.Where(entry => entry.Key.StartsWith(HistoryPrefix, StringComparison.Ordinal)))
        {
            if (value.AsArray() is null) metadata[key] = value.ToString();
        }
        return metadata;
    }
}
