using EdgeBench.Core.Configuration;

namespace EdgeBench.Compression.Passes;

/// <summary>Which formats can hold what a recipe makes.</summary>
public static class ArtifactFormats
{
    public const string Gguf = "gguf";
    public const string Onnx = "onnx";

    /// <summary>
    /// Formats that runtimes can run the recipe's artifact from. Int8 matrices with a scale a row lie in a GGUF file between passes, but no runtime of
    /// that format computes with them. Throws <see cref="Core.Problems.EdgeBenchException"/> (bad input) for an unknown pass or parameters that are none.
    /// </summary>
    public static IReadOnlyList<string> Of(RecipeSpec recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        bool int8 = recipe.Passes.Any(spec => PassRegistry.Find(spec.Pass) is PtqPass && PtqRequest.Read(spec.Parameters).IsInt8);
        return int8 ? [Onnx] : [Gguf, Onnx];
    }
}
