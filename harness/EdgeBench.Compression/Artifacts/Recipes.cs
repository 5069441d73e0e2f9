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

    private static RecipeSpec Reference(bool quantised) => new("reference", quantised ? [ToHalf] : []);

    private static PassSpec ToHalf { get; } =
        new("convert", JsonSerializer.SerializeToElement(new ConvertParameters { Weights = FloatType.F16 }, EdgeBenchJson.Options));
}
