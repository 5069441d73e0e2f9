using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary><c>recipes:</c> a map from names to lists of passes; <c>[]</c> is the model as it is.</summary>
internal static class RecipesSection
{
    private const int MaxPasses = 32;

    public static List<RecipeSpec> Read(YamlNode node, Reading reading)
    {
        List<RecipeSpec> recipes = [];
        foreach (YamlPair pair in reading.Named(node, "recipes", "recipe", "int8: [{ ptq: { weights: q8_0 } }]"))
        {
            string path = RecordShape.Join("recipes", pair.Key);
            if (pair.Value is YamlBroken) continue;
            if (pair.Value is not YamlList { Items.Count: <= MaxPasses } list)
            {
                string found = pair.Value is YamlList long_ ? $"{long_.Items.Count} passes" : ValueShape.Found(pair.Value);
                string remedy = pair.Value is YamlMap ? "Put it in a list: [{ pass: { … } }]." : "Write [] for the model as it is.";
                reading.Problems.Add(pair.Value.Place, path, found, $"a list of at most {MaxPasses} passes", remedy);
                continue;
            }
            List<(string Pass, IReadOnlyList<Variant> Variants)> passes = [];
            for (int i = 0; i < list.Items.Count; i++)
            {
                if (Pass(list.Items[i], $"{path}[{i}]", reading) is { } pass) passes.Add(pass);
            }
            if (passes.Count == list.Items.Count) recipes.AddRange(Combine(pair, passes, path, reading));
        }
        reading.CheckNames([.. recipes.Select(recipe => recipe.Name)], node, "recipes");
        return recipes;
    }

    public static JsonObject Schema(ConfigurationVocabulary vocabulary)
    {
        JsonObject passes = [];
        foreach ((string name, Type type) in vocabulary.Passes.OrderBy(pass => pass.Key, StringComparer.Ordinal))
            passes[name] = SchemaParts.OrNothing(RecordShape.Of(type));
        JsonObject written = new()
        {
            ["type"] = "object",
            ["properties"] = passes,
            ["additionalProperties"] = false,
            ["minProperties"] = 1,
            ["maxProperties"] = 1,
        };
        JsonObject bare = SchemaParts.Names(vocabulary.Passes.Where(pass => RecordShape.Of(pass.Value).AllOptional).Select(pass => pass.Key));
        JsonObject list = new()
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["anyOf"] = new JsonArray(written, bare) },
            ["maxItems"] = MaxPasses
        };
        return SchemaParts.Named(list, "Ordered compression passes; [] is the model as it is. A list for a parameter is a cross product.");
    }

    private static (string Pass, IReadOnlyList<Variant> Variants)? Pass(YamlNode node, string path, Reading reading)
    {
        (string Name, Place Place, YamlNode Parameters)? written = node switch
        {
            YamlScalar { Kind: ScalarKind.Text } bare => (bare.Text, bare.Place, new YamlMap(bare.Place, [])),
            YamlMap { Pairs.Count: 1 } map => (map.Pairs[0].Key, map.Pairs[0].KeyPlace, map.Pairs[0].Value),
            _ => null,
        };
        if (written is not { } pass)
        {
            string? remedy = node is YamlMap { Pairs.Count: > 1 } slip && slip.Pairs[0].Value is YamlScalar { Kind: ScalarKind.Null }
                ? "Indent the parameters below the pass's name."
                : "Start each pass with its own '-'.";
            string found = node is YamlMap wide ? $"a map with {wide.Pairs.Count} keys" : ValueShape.Found(node);
            if (node is not YamlBroken) reading.Problems.Add(node.Place, path, found,
                "one pass: its name, or one key with its parameters", remedy);
            return null;
        }
        if (!reading.Vocabulary.Passes.TryGetValue(pass.Name, out Type? type))
        {
            reading.Problems.AddUnknown(pass.Place, path, "pass", pass.Name,
                [.. reading.Vocabulary.Passes.Keys.Order(StringComparer.Ordinal)]);
            return null;
        }
        string inside = RecordShape.Join(path, pass.Name);
        if (reading.Parameters(pass.Parameters, inside, "parameters") is not { } parameters) return null;
        return Sweep.Read(RecordShape.Of(type), parameters, inside, reading.Problems, []) is { } variants ? (pass.Name, variants) : null;
    }

    private static IEnumerable<RecipeSpec> Combine(YamlPair pair, List<(string Pass, IReadOnlyList<Variant> Variants)> passes,
        string path, Reading reading)
    {
        double count = passes.Aggregate(1.0, (product, pass) => product * pass.Variants.Count);
        if (count > Sweep.MaxVariants)
        {
            reading.Problems.Add(pair.Value.Place, path, $"{count:N0} combinations", $"at most {Sweep.MaxVariants:N0}",
                "Shorten the lists.");
            return [];
        }
        string[] allKeys = [.. passes.SelectMany(pass => pass.Variants[0].Varied.Select(varied => varied.Key))];
        string[] allPasses = [.. passes.Select(pass => pass.Pass)];
        IEnumerable<(PassSpec[] Passes, string[] Parts)> combined = [([], [])];
        foreach (((string name, IReadOnlyList<Variant> variants), int index) in passes.Select((pass, index) => (pass, index)))
        {
            // A key that two passes vary is told apart by the pass, and by its position where the pass occurs twice.
            string prefix = allPasses.Count(other => other == name) > 1 ? $"{name}{index + 1}." : $"{name}.";
            combined = from before in combined
                       from variant in variants
                       select ((PassSpec[])[.. before.Passes, new PassSpec(name, variant.Parameters)],
                           (string[])[.. before.Parts,
                               .. variant.Varied.Select(v => $"{(allKeys.Count(key => key == v.Key) > 1 ? prefix : "")}{v.Key}={v.Value}")]);
        }
        return combined.Select(one => new RecipeSpec(NameRule.Expand(pair.Key, one.Parts), one.Passes));
    }
}
