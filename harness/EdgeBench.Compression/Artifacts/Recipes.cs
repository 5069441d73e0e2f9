using System.Text.Json;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Artifacts;

/// <summary>Recipes that EdgeBench itself needs.</summary>
public static class Recipes
{
    /// <summary>
    /// The uncompressed reference of a model: the checkpoint itself where it holds no quantised tensor, else its weights dequantised to F16.
    /// </summary>
    public static RecipeSpec Reference(GgufFile checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Reference(checkpoint.Tensors.Any(tensor => tensor.Type.Info().IsQuantised));
    }

    /// <summary>As for the file; <paramref name="checkpoint"/> is the description of the empty recipe.</summary>
    public static RecipeSpec Reference(ArtifactDescription checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Reference(checkpoint.Types.Any(usage => Enum.TryParse(usage.Type, ignoreCase: true, out GgmlType type) && type.Info().IsQuantised));
    }

    /// <summary>Whether a recipe leaves floats that nothing was taken from: no passes on such a checkpoint, or conversions between float types alone.</summary>
    /// <param name="checkpoint">Description of the empty recipe.</param>
    public static bool IsUncompressed(RecipeSpec recipe, ArtifactDescription checkpoint)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Passes.All(pass => pass.Pass == ToHalf.Pass) && (recipe.Passes.Count > 0 || Reference(checkpoint).Passes.Count == 0);
    }

    private static RecipeSpec Reference(bool quantised) => new("reference", quantised ? [ToHalf] : []);

    private static PassSpec ToHalf { get; } =
        new("convert", JsonSerializer.SerializeToElement(new ConvertParameters { Weights = FloatType.F16 }, EdgeBenchJson.Options));
}
