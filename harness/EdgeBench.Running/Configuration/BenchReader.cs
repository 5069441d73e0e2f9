using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;
using EdgeBench.Running.Planning;

namespace EdgeBench.Running.Configuration;

/// <summary>From the nodes of a document to a frozen configuration.</summary>
internal static class BenchReader
{
    /// <summary>More is a slip of the hand: at a second each, a million cells take two weeks.</summary>
    private const long MaxCells = 1_000_000;

    internal static readonly string[] Keys =
        ["name", "description", "models", "recipes", "backends", "devices", "workloads", "measure", "include", "exclude"];

    internal static readonly string[] Required = ["name", "models", "recipes", "backends", "workloads"];

    /// <summary>Throws <see cref="Core.Problems.EdgeBenchException"/> with every problem.</summary>
    public static BenchConfiguration Read(YamlNode? root, string source, Reading reading)
    {
        ProblemList problems = reading.Problems;
        if (root is not YamlMap map)
        {
            string found = root is null ? "an empty document" : ValueShape.Found(root);
            problems.Add(root?.Place ?? new Place(source, 1, 1), "", found, $"a map with {string.Join(", ", Required)}");
            throw problems.ToException();
        }
        CheckKeys(map, problems);

        Dictionary<string, string[]> names = [];
        List<T> Section<T>(string key, Func<List<T>> read, Func<T, string> name)
        {
            int before = problems.Count;
            List<T> items = read();
            if (problems.Count == before && items.Count > 0) names[key[..^1]] = [.. items.Select(name)];
            return items;
        }
        List<T> Given<T>(string key, Func<YamlNode, Reading, List<T>> read, Func<T, string> name) =>
            map.Find(key) is { } pair ? Section(key, () => read(pair.Value, reading), name) : [];

        BenchConfiguration bench = new()
        {
            Name = Name(map, problems),
            Description = map.Find("description") is { } text && new TextShape().TryBind(text.Value, "description", problems, out JsonNode? read)
                ? read!.GetValue<string>()
                : null,
            Models = Given("models", ModelsSection.Read, model => model.Name),
            Recipes = Given("recipes", RecipesSection.Read, recipe => recipe.Name),
            Backends = Given("backends", BackendsSection.Read, backend => backend.Name),
            Devices = Section("devices", () => DevicesSection.Read(map.Find("devices")?.Value, reading), device => device.Name),
            Workloads = Given("workloads", WorkloadsSection.Read, workload => workload.Name),
            Measure = MeasureSection.Read(map.Find("measure")?.Value, reading),
            Include = RulesSection.Read(map.Find("include")?.Value, "include", names, reading),
            Exclude = RulesSection.Read(map.Find("exclude")?.Value, "exclude", names, reading),
        };
        problems.ThrowIfAny();
        CheckCells(bench, map, problems);
        problems.ThrowIfAny();
        return bench;
    }

    private static void CheckKeys(YamlMap map, ProblemList problems)
    {
        foreach (YamlPair pair in map.Pairs)
        {
            bool known = Keys.Contains(pair.Key) || pair.Key == "$schema" || pair.Key.StartsWith("x-", StringComparison.Ordinal);
            if (!known) problems.AddUnknown(pair.KeyPlace, pair.Key.Length > 64 ? "" : RecordShape.Join("", pair.Key), "key", pair.Key,
                Keys);
        }
        foreach (string key in Required.Where(key => map.Find(key) is null))
            problems.Add(map.Place, "", $"no '{key}'", $"'{key}' at the top level");
    }

    private static string Name(YamlMap map, ProblemList problems)
    {
        if (map.Find("name") is not { } pair || !new TextShape().TryBind(pair.Value, "name", problems, out JsonNode? value)) return "";
        string name = value!.GetValue<string>();
        NameRule.Check(name, pair.Value.Place, "name", "name", problems);
        return name;
    }

    private static void CheckCells(BenchConfiguration bench, YamlMap map, ProblemList problems)
    {
        double cells = (double)bench.Models.Count * bench.Recipes.Count * bench.Backends.Count * bench.Devices.Count * bench.Workloads.Count;
        if (cells > MaxCells)
        {
            problems.Add(map.Place, "", $"{cells:N0} cells", $"at most {MaxCells:N0}", "Shorten the lists, or split the file.");
            return;
        }
        if (!new CellRules(bench).LeavesNothing()) return;
        string rules = string.Join("; ", bench.Include.Select((rule, i) => $"include[{i}] ({CellRules.Describe(rule)})")
            .Concat(bench.Exclude.Select((rule, i) => $"exclude[{i}] ({CellRules.Describe(rule)})")).Take(10));
        YamlPair at = map.Find("exclude") ?? map.Find("include")!;
        problems.Add(at.KeyPlace, at.Key, $"rules that leave no cell: {rules}", $"rules that leave at least one of the {cells:N0} cells",
            "Narrow 'exclude' or widen 'include'.");
    }
}
