using EdgeBench.Compression.Passes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;

namespace EdgeBench.Running.Configuration;

/// <summary>A recipe written outside of a bench.yaml, read by the same rules.</summary>
public static class RecipeText
{
    /// <summary>
    /// One recipe from YAML such as <c>[{ ptq: { weights: q4_0 } }]</c>. Throws <see cref="EdgeBenchException"/> (exit code 2) with every problem, and
    /// where a list of values would make several recipes of it.
    /// </summary>
    public static RecipeSpec Parse(string yaml, ConfigurationVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(vocabulary);
        string backend = vocabulary.Backends.Keys.First();
        string workload = vocabulary.Workloads.First(entry => !entry.Value.IsTask).Key;
        // A whole configuration around the recipe, so that one parser and one set of messages serve both.
        string bench = $$"""
            name: compress
            models: { m: { source: "file:m" } }
            recipes: { recipe: [] }
            backends: [{{backend}}]
            devices: [local]
            workloads: { w: { scenario: {{workload}}, prompt: 1 } }
            """;
        BenchConfiguration parsed = BenchFile.Parse(bench, "--recipe", [$"recipes.recipe={yaml}"], vocabulary);
        return parsed.Recipes.Count == 1
            ? parsed.Recipes[0]
            : throw EdgeBenchException.BadInput($"--recipe '{yaml}' spells {parsed.Recipes.Count} recipes", "one value for each parameter", "Compress with one at a time.");
    }

    /// <summary>Files that the recipe's passes name, hashed. Throws <see cref="EdgeBenchException"/> (exit code 2) for one that is not there.</summary>
    public static IReadOnlyDictionary<string, DataFile> DataFiles(RecipeSpec recipe, string baseFolder)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return recipe.Passes.SelectMany(pass => PassRegistry.Find(pass.Pass).DataFiles(pass.Parameters)).Distinct().ToDictionary(written => written, written =>
        {
            string path = Path.GetFullPath(Path.Combine(baseFolder, written));
            return File.Exists(path)
                ? new DataFile(path, ContentHash.OfFile(path))
                : throw EdgeBenchException.BadInput($"data file '{written}' does not exist", "a readable file", $"Looked for '{path}'.");
        });
    }
}
