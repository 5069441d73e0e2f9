using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary><c>backends:</c> a list of type names, or a map from names to <c>{ type, …options }</c> whose type is the name unless given.</summary>
internal static class BackendsSection
{
    private static readonly string[] s_reserved = ["type"];

    public static List<BackendSpec> Read(YamlNode node, Reading reading)
    {
        List<BackendSpec> backends = [];
        if (node is YamlList list)
        {
            foreach ((string name, Place place) in NamesList.Read(list, "backends", "backend", Types(reading), reading.Problems))
                backends.AddRange(Expand(name, name, new YamlMap(place, []), RecordShape.Join("backends", name), reading));
            return backends;
        }
        foreach (YamlPair pair in reading.Named(node, "backends", "backend", "cpu: { type: managed }, or a list of types"))
        {
            string path = RecordShape.Join("backends", pair.Key);
            if (reading.Parameters(pair.Value, path, "options") is not { } options) continue;
            YamlNode? written = options.Find("type")?.Value;
            string? type = written is null ? pair.Key : (written as YamlScalar)?.Text;
            if (type is null || !reading.Vocabulary.Backends.ContainsKey(type))
            {
                string? remedy = ProblemList.DidYouMean(type ?? "", Types(reading))
                    ?? (written is null ? $"Add 'type' if {ProblemList.Quote(pair.Key)} is a name of your own." : null);
                reading.Problems.Add(written?.Place ?? pair.KeyPlace, path,
                    $"unknown backend {ProblemList.Quote(type ?? ValueShape.Found(written!))}", ProblemList.OneOf(Types(reading)), remedy);
                continue;
            }
            backends.AddRange(Expand(pair.Key, type, options, path, reading));
        }
        reading.CheckNames([.. backends.Select(backend => backend.Name)], node, "backends");
        return backends;
    }

    public static JsonObject Schema(ConfigurationVocabulary vocabulary)
    {
        JsonObject named = [];
        foreach (string type in vocabulary.Backends.Keys.Order(StringComparer.Ordinal))
        {
            JsonArray forms = [.. Typed(vocabulary, type)];
            if (RecordShape.Of(vocabulary.Backends[type]).AllOptional) forms.Add(new JsonObject { ["type"] = "null" });
            named[type] = new JsonObject { ["anyOf"] = forms };
        }
        JsonObject map = new()
        {
            ["type"] = "object",
            ["propertyNames"] = new JsonObject { ["pattern"] = NameRule.Pattern },
            ["properties"] = named,
            ["additionalProperties"] = new JsonObject { ["anyOf"] = new JsonArray([.. Typed(vocabulary, implied: null)]) },
            ["minProperties"] = 1,
        };
        return new JsonObject
        {
            ["description"] = "Runtimes, by type or by names of your own with options. A list for an option is a cross product.",
            ["anyOf"] = new JsonArray(
                SchemaParts.NamesList(vocabulary.Backends.Where(b => RecordShape.Of(b.Value).AllOptional).Select(b => b.Key)), map),
        };
    }

    private static IEnumerable<JsonObject> Typed(ConfigurationVocabulary vocabulary, string? implied) =>
        vocabulary.Backends.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => SchemaParts.With(
            RecordShape.Of(b.Value).Schema(sweep: true), "type", new JsonObject { ["const"] = b.Key }, required: b.Key != implied));

    private static IEnumerable<BackendSpec> Expand(string name, string type, YamlMap options, string path, Reading reading)
    {
        RecordShape shape = RecordShape.Of(reading.Vocabulary.Backends[type]);
        return Sweep.Read(shape, options, path, reading.Problems, s_reserved)?
            .Select(variant => new BackendSpec(NameRule.Expand(name, variant.Varied.Select(v => $"{v.Key}={v.Value}")), type,
                variant.Parameters)) ?? [];
    }

    private static string[] Types(Reading reading) => [.. reading.Vocabulary.Backends.Keys.Order(StringComparer.Ordinal)];
}
