using System.CommandLine;
using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Inspection;
using EdgeBench.Models.Sources;

namespace EdgeBench.Cli.Commands;

/// <summary><c>edgebench models inspect</c>: what a file, a folder or a source holds.</summary>
internal static class ModelsInspectCommand
{
    public static Command Create()
    {
        Argument<string> source = new("model") { Description = "A GGUF file, a Hugging Face folder, or a source such as random:llama-15m or hf:org/name." };
        Option<OutputFormat> format = new("--format") { Description = "table or json." };
        Option<bool> tensors = new("--tensors") { Description = "List every tensor." };
        Command command = new("inspect", "Architecture, tokenizer, licence, history, and bytes by type of a model.") { source, format, tensors };
        command.SetAction(async (parsed, cancellation) =>
        {
            ModelFacts facts = await FactsAsync(parsed.GetRequiredValue(source), cancellation);
            if (parsed.GetValue(format) == OutputFormat.Json) Console.Out.WriteLine(Json(facts));
            else Print(facts, parsed.GetValue(tensors));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static async Task<ModelFacts> FactsAsync(string source, CancellationToken cancellation)
    {
        if (ModelsCommand.FolderOf(source) is { } folder)
        {
            using IFolderContent content = FolderContent.Open(folder, new ImportOptions());
            return ModelFacts.Of(GgufOutline.Of(folder, content.Metadata, content.Tensors), "Hugging Face folder", null,
                Directory.EnumerateFiles(folder, "*.safetensors").Sum(path => new FileInfo(path).Length), content.Notes);
        }
        Checkpoint checkpoint = await ModelsCommand.ResolveAsync(source, null, cancellation);
        using GgufFile file = GgufFile.Open(checkpoint.Path);
        return ModelFacts.Of(GgufOutline.Of(file), $"GGUF v{file.Version}", checkpoint.Sha256, file.FileBytes, []);
    }

    private static string Json(ModelFacts facts) => JsonSerializer.Serialize(new
    {
        facts.Path,
        facts.Container,
        facts.Sha256,
        facts.FileBytes,
        facts.WeightBytes,
        facts.Parameters,
        facts.Architecture,
        facts.Name,
        facts.Shape,
        facts.Description,
        facts.NotDescribed,
        facts.Tokenizer,
        facts.Licence,
        Recipe = Recipe(facts),
        facts.Notes,
        facts.Types,
        Tensors = facts.Tensors.Select(tensor => new { tensor.Name, Type = tensor.Type.ToString(), tensor.Dimensions, tensor.Bytes }),
    }, EdgeBenchJson.Indented);

    private static void Print(ModelFacts facts, bool tensors)
    {
        Line("path", facts.Path);
        if (facts.Sha256 is { } hash) Line("sha256", hash);
        Line("format", $"{facts.Container}, {facts.FileBytes:N0} bytes, {facts.WeightBytes:N0} of them tensors as GGUF keeps them");
        if (facts.Name is { } name) Line("name", name);
        Line("architecture", facts.Architecture.Length > 0 ? facts.Architecture : "not said");
        if (facts.Description is { } description) PrintArchitecture(description);
        else Line("", facts.NotDescribed ?? "");
        PrintTokenizer(facts.Tokenizer);
        foreach ((string key, string value) in facts.Licence) Line("licence", $"{value} ({key})");
        if (facts.Licence.Count == 0) Line("licence", "not said");
        Line("passes", facts.Recipe ?? "none");
        foreach (string note in facts.Notes) Line("note", note);
        Line("tensors", $"{facts.Tensors.Count:N0}, {facts.Parameters:N0} parameters");
        foreach (TypeUsage type in facts.Types) Console.Out.WriteLine($"  {type.Type,-6} {type.Tensors,5} tensors {type.Elements,15:N0} elements {type.Bytes,15:N0} bytes");
        if (!tensors) return;
        foreach (TensorOutline tensor in facts.Tensors)
            Console.Out.WriteLine($"    {tensor.Name,-32} {tensor.Type,-6} {string.Join(" x ", tensor.Dimensions),-18} {tensor.Bytes,13:N0} bytes");
    }

    private static void PrintArchitecture(ModelArchitecture a)
    {
        Line("shape", $"{a.Layers} layers, width {a.Width}, {a.Heads} heads of {a.HeadDim}, {a.KvHeads} KV heads, FFN {a.Ffn} ({a.FeedForward}), vocabulary {a.Vocabulary}, context {a.Context}");
        Line("rope", a.Rope == RopeLayout.None ? "none: positions are learned" : $"{a.Rope}, base {a.RopeBase}, {a.RopeDimensions} of {a.HeadDim} elements{(a.RopeScale == 1 ? "" : $", positions / {a.RopeScale}")}");
        Line("norms", $"{(a.IsEncoder ? "layer norm after each part" : "RMS before each part")}, epsilon {a.NormEpsilon:G6}{(a.QueryKeyNorm ? ", over heads of q and k" : "")}{(a.PostNorms ? ", and after each part" : "")}");
        if (a.SlidingWindow is { } window) Line("window", $"{window} positions, full attention in every layer {a.SlidingPattern}");
        Line("output head", a.IsEncoder ? "none (encoder)" : a.TiedEmbeddings ? "the token embedding" : "its own matrix");
    }

    private static void PrintTokenizer(TokenizerFacts? tokenizer)
    {
        if (tokenizer is null)
        {
            Line("tokenizer", "none");
            return;
        }
        Line("tokenizer", $"{tokenizer.Kind}{(tokenizer.Pre is null ? "" : $" ({tokenizer.Pre})")}, {tokenizer.Vocabulary} tokens, chat template: {(tokenizer.ChatTemplate ? "yes" : "no")}");
        foreach ((string role, SpecialToken token) in tokenizer.Special) Line("", $"{role} {token.Id} {token.Text}");
        if (tokenizer.AddBos is { } bos) Line("", $"text starts with bos: {(bos ? "yes" : "no")}");
        if (tokenizer.AddEos is { } eos) Line("", $"text ends with eos: {(eos ? "yes" : "no")}");
    }

    // A file from elsewhere may hold anything under the key.
    private static object? Recipe(ModelFacts facts)
    {
        if (facts.Recipe is null) return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(facts.Recipe);
        }
        catch (JsonException)
        {
            return facts.Recipe;
        }
    }

    private static void Line(string what, string value) => Console.Out.WriteLine($"{what,-13} {value}");
}
