using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;
using EdgeBench.Training.Recipes;

namespace EdgeBench.Running.Training;

/// <summary>A recipe of <c>edgebench train</c> as loaded.</summary>
/// <param name="BaseFolder">Folder that relative paths inside start from.</param>
public sealed record LoadedRecipe(TrainRecipe Recipe, string Path, string BaseFolder);

/// <summary>Reads a recipe's YAML by the rules of <c>bench.yaml</c>.</summary>
public static class TrainRecipeFile
{
    private const string What = "a training recipe";

    /// <summary>Throws <see cref="EdgeBenchException"/> (exit code 2) with every problem found.</summary>
    /// <param name="overrides">Each <c>path=value</c>, applied in order.</param>
    public static LoadedRecipe Load(string path, IReadOnlyList<string> overrides)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(overrides);
        string text = YamlText.Read(path, What, "Name one on the command line, such as suites/reference/edge-ref.yaml.");
        ProblemList problems = new();
        YamlNode? root = YamlText.Parse(text, path, What, problems);
        foreach (string expression in overrides) root = Override.Apply(root, expression, problems);
        RecordShape shape = RecordShape.Of(typeof(TrainRecipe));
        if (root is not YamlMap map)
        {
            problems.Add(root?.Place ?? new Place(path, 1, 1), "", root is null ? "an empty document" : ValueShape.Found(root), $"a map with {string.Join(", ", shape.Keys)}");
            throw problems.ToException();
        }
        bool bound = shape.TryBind(map, "", problems, out JsonObject value);
        if (map.Find("name") is { Value: YamlScalar name } pair) NameRule.Check(name.Text, pair.Value.Place, "name", "name", problems);
        problems.ThrowIfAny();
        if (!bound) throw new InvalidOperationException("A recipe was refused without a reason.");
        TrainRecipe recipe = value.Deserialize<TrainRecipe>(EdgeBenchJson.Options)!;
        try
        {
            recipe.Check();
        }
        catch (EdgeBenchException error)
        {
            throw new EdgeBenchException(error.ExitCode, [.. error.Problems.Select(problem => problem with { File = problem.File ?? path })], error);
        }
        return new(recipe, System.IO.Path.GetFullPath(path), System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
    }
}
