using System.Text.Json;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Compression.Artifacts;

/// <summary>The content address of an artifact.</summary>
public static class ArtifactId
{
    // Raised when the same checkpoint and passes give another file for a reason outside of the passes, such as the writer's layout.
    private const int BuilderVersion = 1;

    /// <summary>
    /// SHA-256 over checkpoint, passes with versions, canonical parameters and the hashes of their data files, and format. The recipe's name is no
    /// part of it. Throws <see cref="Core.Problems.EdgeBenchException"/> (bad input) for an unknown pass or parameters that are none.
    /// </summary>
    public static string Of(string checkpointSha256, RecipeSpec recipe, string format, IReadOnlyDictionary<string, DataFile> data)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        PassContext context = new() { Data = data };
        var passes = recipe.Passes.Select(spec =>
        {
            IPass pass = PassRegistry.Find(spec.Pass);
            string[] files = [.. pass.DataFiles(spec.Parameters).Select(file => context.File(file).Sha256)];
            return new { pass = pass.Name, version = pass.Version, parameters = PassParameters.Canonical(pass, spec.Parameters), data = files };
        });
        return ContentHash.OfText(JsonSerializer.Serialize(
            new { builder = BuilderVersion, checkpoint = checkpointSha256.ToLowerInvariant(), passes, format }, EdgeBenchJson.Options));
    }
}
