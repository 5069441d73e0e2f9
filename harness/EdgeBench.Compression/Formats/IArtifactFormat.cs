using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Formats;

/// <summary>
/// A file format that artifacts are written in. Passes go from GGUF to GGUF; a format makes its own of what they leave, and compresses nothing by
/// itself. Seam: implement, add to <see cref="FormatRegistry"/>.
/// </summary>
public interface IArtifactFormat
{
    /// <summary><c>gguf</c>, <c>onnx</c>: what <c>IBackend.Format</c> names.</summary>
    string Name { get; }

    /// <summary>Name of the artifact's main file.</summary>
    string MainFile { get; }

    /// <summary>Why it cannot hold what a recipe makes, as far as the recipe alone tells; null where it can.</summary>
    string? Refuse(RecipeSpec recipe);

    /// <summary>
    /// Writes <paramref name="input"/> into an empty folder. Throws <see cref="EdgeBenchException"/> (bad input) where the format cannot hold it.
    /// </summary>
    ExportedArtifact Export(GgufFile input, string folder, PassContext context);
}

/// <summary>What a format wrote.</summary>
/// <param name="Types">How much is stored as which type, read back from what was written.</param>
/// <param name="Parts">File names beside the main one.</param>
/// <param name="Readback">What the format was asked to hold and what it does.</param>
public sealed record ExportedArtifact(IReadOnlyList<TypeUsage> Types, IReadOnlyList<string> Parts, PassReadback Readback);
