using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>The tokenizer that belongs to an ONNX file: declared, or beside it.</summary>
internal static class OnnxTokenizers
{
    /// <summary>Path of the tokenizer, or null with what was looked for.</summary>
    public static string? Find(string model, string? declared, out string problem)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        string[] places = declared is not null ? [Path.GetFullPath(declared, folder)] : [Path.Combine(folder, OnnxExporter.TokenizerFile), Path.Combine(folder, "tokenizer.json")];
        string? found = Array.Find(places, place => File.Exists(place) || (declared is not null && Directory.Exists(place)));
        problem = found is null ? $"no tokenizer: {string.Join(" and ", places.Select(place => $"'{place}'"))} {(places.Length == 1 ? "is" : "are")} not there" : "";
        return found;
    }

    /// <summary>Reads it, with what else a GGUF file says of the model. Throws <see cref="TrialException"/>.</summary>
    public static DeclaredTokenizer Load(string path)
    {
        try
        {
            if (Directory.Exists(path)) return new(TokenizerFactory.FromFolder(path), null);
            if (!path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) return new(TokenizerFactory.FromFolder(Path.GetDirectoryName(path)!), null);
            using GgufFile file = GgufFile.Open(path);
            long? context = file.Metadata.GetValueOrDefault($"{file.Architecture}.context_length")?.AsInteger();
            return new(TokenizerFactory.FromGguf(file.Metadata, path), context is > 0 and <= int.MaxValue ? (int)context : null);
        }
        catch (EdgeBenchException error)
        {
            throw new TrialException(new(FailureKind.Unsupported, $"The tokenizer cannot be used: {error.Message}", error.Problems[0].Remedy), error);
        }
    }
}

/// <param name="TrainedContext">Longest context that the model was trained for, where the tokenizer's file says so.</param>
internal sealed record DeclaredTokenizer(ITokenizer Tokenizer, int? TrainedContext);
