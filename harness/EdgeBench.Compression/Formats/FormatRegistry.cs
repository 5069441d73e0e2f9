using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;

namespace EdgeBench.Compression.Formats;

/// <summary>Formats that artifacts are written in beside GGUF, which every pass leaves.</summary>
public static class FormatRegistry
{
    public static IReadOnlyList<IArtifactFormat> All { get; } = [new OnnxFormat()];

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with the known names.</summary>
    public static IArtifactFormat Find(string name) => All.FirstOrDefault(format => format.Name == name)
        ?? throw EdgeBenchException.BadInput($"artifact format '{name}'", $"one of {string.Join(", ", All.Select(format => format.Name).Prepend(ArtifactStore.Format))}");

    /// <summary>Why a checkpoint with this recipe cannot be had in a format, as far as names and parameters tell; null where it can.</summary>
    public static string? WhyNot(string checkpointFormat, RecipeSpec recipe, string format)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        if (checkpointFormat != ArtifactStore.Format)
        {
            return checkpointFormat != format ? $"the model is {Article(checkpointFormat)} {checkpointFormat} file, and the backend runs {format}"
                : recipe.Passes.Count > 0 ? $"passes work on weights in GGUF or a Hugging Face folder, and the model is {Article(checkpointFormat)} {checkpointFormat} file: only the empty recipe runs it"
                : null;
        }
        string? pass = recipe.Passes.Select(spec => PassRegistry.Find(spec.Pass).Refuse(format, spec.Parameters)).FirstOrDefault(reason => reason is not null);
        if (pass is not null || format == ArtifactStore.Format) return pass;
        return All.FirstOrDefault(other => other.Name == format) is { } exported ? exported.Refuse(recipe) : $"nothing here writes {format}: only a model that is {Article(format)} {format} file runs there";
    }

    private static string Article(string word) => "aeiou".Contains(word[0]) ? "an" : "a";
}
