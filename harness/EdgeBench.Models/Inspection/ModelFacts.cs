using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Inspection;

/// <summary>What a model's tokenizer is, from GGUF metadata.</summary>
/// <param name="Kind"><c>tokenizer.ggml.model</c>: gpt2, llama, t5, bert …</param>
/// <param name="Pre"><c>tokenizer.ggml.pre</c>, or null.</param>
/// <param name="Special">Special tokens by role: id and text.</param>
public sealed record TokenizerFacts(string Kind, string? Pre, int Vocabulary, IReadOnlyDictionary<string, SpecialToken> Special, bool? AddBos, bool? AddEos, bool ChatTemplate);

/// <summary>A special token.</summary>
public sealed record SpecialToken(long Id, string Text);

/// <summary>Everything that <c>models inspect</c> shows.</summary>
/// <param name="Description">Null where the architecture is not one that EdgeBench describes.</param>
/// <param name="NotDescribed">Why there is no description.</param>
/// <param name="Licence">Keys <c>general.license*</c>.</param>
/// <param name="Recipe"><c>edgebench.recipe</c>: JSON of the passes that made the file; null where none did.</param>
public sealed record ModelFacts(
    string Path, string Container, string? Sha256, long FileBytes, long WeightBytes, long Parameters, string Architecture, string? Name, TransformerShape? Shape,
    ModelArchitecture? Description, string? NotDescribed, TokenizerFacts? Tokenizer, IReadOnlyDictionary<string, string> Licence, string? Recipe,
    IReadOnlyList<string> Notes, IReadOnlyList<TypeUsage> Types, IReadOnlyList<TensorOutline> Tensors)
{
    private static readonly string[] s_roles = ["bos", "eos", "eot", "unknown", "seperator", "padding", "mask"];

    /// <summary>From an outline. Throws <see cref="EdgeBenchException"/> for nothing: what is missing is null.</summary>
    /// <param name="container">Such as <c>GGUF v3</c> or <c>Hugging Face folder</c>.</param>
    public static ModelFacts Of(GgufOutline outline, string container, string? sha256, long fileBytes, IReadOnlyList<string> notes)
    {
        ArgumentNullException.ThrowIfNull(outline);
        (ModelArchitecture? description, string? why) = Describe(outline);
        return new ModelFacts(outline.Path, container, sha256, fileBytes, outline.Tensors.Sum(tensor => tensor.Bytes), outline.Tensors.Sum(tensor => tensor.Elements),
            outline.Architecture, Text(outline, "general.name"), GgufShape.Of(outline), description, why, TokenizerOf(outline),
            outline.Metadata.Where(entry => entry.Key.StartsWith("general.license", StringComparison.Ordinal)).ToDictionary(entry => entry.Key, entry => entry.Value.ToString()),
            Text(outline, "edgebench.recipe"), notes, TypesOf(outline), outline.Tensors);
    }

    private static (ModelArchitecture?, string?) Describe(GgufOutline outline)
    {
        try
        {
            return (GgufArchitecture.Of(outline), null);
        }
        catch (EdgeBenchException error)
        {
            return (null, error.Problems[0].ToString());
        }
    }

    private static TokenizerFacts? TokenizerOf(GgufOutline outline)
    {
        if (Text(outline, "tokenizer.ggml.model") is not { } kind) return null;
        string[] tokens = outline.Metadata.GetValueOrDefault("tokenizer.ggml.tokens")?.AsArray()?.AsTexts() ?? [];
        Dictionary<string, SpecialToken> special = [];
        foreach (string role in s_roles)
        {
            if (outline.Metadata.GetValueOrDefault($"tokenizer.ggml.{role}_token_id")?.AsInteger() is { } id)
                special[role == "seperator" ? "separator" : role] = new SpecialToken(id, id >= 0 && id < tokens.Length ? tokens[id] : "(outside of the vocabulary)");
        }
        return new TokenizerFacts(kind, Text(outline, "tokenizer.ggml.pre"), tokens.Length, special, outline.Metadata.GetValueOrDefault("tokenizer.ggml.add_bos_token")?.AsBoolean(),
            outline.Metadata.GetValueOrDefault("tokenizer.ggml.add_eos_token")?.AsBoolean(), outline.Metadata.ContainsKey("tokenizer.chat_template"));
    }

    private static TypeUsage[] TypesOf(GgufOutline outline) =>
    [
        .. outline.Tensors.GroupBy(tensor => tensor.Type)
            .Select(group => new TypeUsage(group.Key.Info().Name, group.Count(), group.Sum(tensor => tensor.Elements), group.Sum(tensor => tensor.Bytes)))
            .OrderByDescending(usage => usage.Bytes).ThenBy(usage => usage.Type, StringComparer.Ordinal),
    ];

    private static string? Text(GgufOutline outline, string key) => outline.Metadata.GetValueOrDefault(key)?.AsText();
}
