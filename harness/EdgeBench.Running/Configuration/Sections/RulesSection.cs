using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;
using EdgeBench.Running.Planning;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary><c>include:</c> and <c>exclude:</c> lists of globs over names; a rule that can match nothing is a mistake.</summary>
internal static class RulesSection
{
    private const int MaxRules = 1000;

    private static readonly RecordShape s_exclude = RecordShape.Of(typeof(CellRule));
    private static readonly RecordShape s_include = s_exclude.Without("reason");

    /// <param name="names">For each part of a rule the names there are; a part whose own section has problems is absent.</param>
    public static List<CellRule> Read(YamlNode? node, string section, IReadOnlyDictionary<string, string[]> names, Reading reading)
    {
        List<CellRule> rules = [];
        if (node is null or YamlBroken) return rules;
        if (node is not YamlList { Items.Count: > 0 and <= MaxRules } list)
        {
            reading.Problems.Add(node.Place, section, ValueShape.Found(node),
                $"a list of 1 to {MaxRules} rules such as {{ recipe: int4*, backend: managed }}", $"Leave '{section}' out where nothing is to be said.");
            return rules;
        }
        for (int i = 0; i < list.Items.Count; i++)
        {
            string path = $"{section}[{i}]";
            if (!new NestedShape(ShapeOf(section)).TryBind(list.Items[i], path, reading.Problems, out JsonNode? given)) continue;
            CellRule rule = given.Deserialize<CellRule>(EdgeBenchJson.Options)!;
            CheckMatches(rule, (YamlMap)list.Items[i], path, names, reading.Problems);
            rules.Add(rule);
        }
        return rules;
    }

    public static JsonObject Schema(string section) => new()
    {
        ["description"] = section == "include"
            ? "Only cells that match one of these rules are planned."
            : "Cells that match one of these rules are excluded, with the rule as the reason.",
        ["type"] = "array",
        ["items"] = ShapeOf(section).Schema(sweep: false),
        ["minItems"] = 1,
        ["maxItems"] = MaxRules,
    };

    private static RecordShape ShapeOf(string section) => section == "include" ? s_include : s_exclude;

    private static void CheckMatches(CellRule rule, YamlMap map, string path, IReadOnlyDictionary<string, string[]> names,
        ProblemList problems)
    {
        IReadOnlyList<(string Part, string Glob)> parts = CellRules.Parts(rule);
        if (parts.Count == 0) problems.Add(map.Place, path, "a rule without a part",
            "at least one of model, recipe, backend, device, workload");
        foreach ((string part, string glob) in parts)
        {
            if (!names.TryGetValue(part, out string[]? known) || known.Any(name => NameGlob.Matches(glob, name))) continue;
            problems.Add(map.Find(part)!.Value.Place, $"{path}.{part}", $"{ProblemList.Quote(glob)} matches no {part}",
                ProblemList.OneOf(known), ProblemList.DidYouMean(glob, known.Concat(known.Select(NameGlob.BaseOf)).Distinct()));
        }
    }
}
