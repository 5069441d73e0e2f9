using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Sources;

namespace EdgeBench.Compression.Artifacts;

/// <summary>An artifact to be found or built.</summary>
public sealed record ArtifactRequest(Checkpoint Checkpoint, RecipeSpec Recipe)
{
    /// <summary>Files that the recipe's passes name, by their paths as written.</summary>
    public IReadOnlyDictionary<string, DataFile> Data { get; init; } = new Dictionary<string, DataFile>();
}
