using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary><c>models:</c> a map from names to <c>{ source, … }</c>, or to the source alone.</summary>
internal static class ModelsSection
{
    private static readonly RecordShape s_shape = RecordShape.Of(typeof(ModelSpec)).Without("name");

    public static List<ModelSpec> Read(YamlNode node, Reading reading)
    {
        List<ModelSpec> models = [];
        foreach (YamlPair pair in reading.Named(node, "models", "model", "ref: random:llama-15m"))
        {
            string path = RecordShape.Join("models", pair.Key);
            if (Bind(pair.Value, path, reading) is not { } given) continue;
            given["name"] = pair.Key;
            ModelSpec model = given.Deserialize<ModelSpec>(EdgeBenchJson.Options)!;
            Check(model, given, pair.Value, path, reading);
            models.Add(model);
        }
        return models;
    }

    public static JsonObject Schema(ConfigurationVocabulary vocabulary)
    {
        string schemes = string.Join('|', vocabulary.ModelSchemes.Order(StringComparer.Ordinal));
        JsonObject source = new() { ["type"] = "string", ["pattern"] = $"^({schemes}):" };
        JsonObject model = s_shape.Schema(sweep: false);
        JsonObject property = model["properties"]!["source"]!.AsObject();
        property["pattern"] = source["pattern"]!.DeepClone();
        return SchemaParts.Named(new JsonObject { ["anyOf"] = new JsonArray(source, model) }, "Where each model's checkpoint comes from.");
    }

    private static JsonObject? Bind(YamlNode node, string path, Reading reading)
    {
        if (node is YamlScalar { Kind: ScalarKind.Text } source)
            return new TextShape().TryBind(source, path, reading.Problems, out JsonNode? text)
                ? new JsonObject { ["source"] = text }
                : null;
        if (node is YamlMap map) return s_shape.TryBind(map, path, reading.Problems, out JsonObject given) ? given : null;
        if (node is not YamlBroken) reading.Problems.Add(node.Place, path, ValueShape.Found(node),
            "a source such as file:model.gguf, or a map with 'source'");
        return null;
    }

    private static void Check(ModelSpec model, JsonObject given, YamlNode node, string path, Reading reading)
    {
        YamlNode At(string key) => (node as YamlMap)?.Find(key)?.Value ?? node;
        void Refuse(string key, string offender, string expected, string? remedy = null) =>
            reading.Problems.Add(At(key).Place, node is YamlMap ? RecordShape.Join(path, key) : path, offender, expected, remedy);

        int colon = model.Source.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : model.Source[..colon], rest = model.Source[(colon + 1)..];
        IReadOnlyCollection<string> schemes = reading.Vocabulary.ModelSchemes;
        if (!schemes.Contains(scheme))
        {
            string remedy = colon >= 0 ? ProblemList.DidYouMean(scheme, schemes) ?? "A path is written file:path."
                : $"For a file write {ProblemList.Quote("file:" + model.Source)}.";
            Refuse("source", $"source {ProblemList.Quote(model.Source)}", $"a source that starts with {string.Join(", ", schemes.Select(s => s + ":"))}", remedy);
            return;
        }
        bool random = scheme == "random", shaped = model.Shape is not null;
        if (random && rest.Length == 0 && !shaped)
            Refuse("source", "'random:' without a preset", "a preset such as random:llama-15m, or 'shape' beside it");
        if (random && rest.Length > 0 && shaped)
            Refuse("shape", "'shape' beside a preset", "one of them",
                "Write 'source: random:' to give the shape yourself, or delete 'shape'.");
        if (!random && rest.Length == 0) Refuse("source", $"{ProblemList.Quote(model.Source)} that names nothing",
            $"{scheme}: followed by what to load");
        if (!random && shaped) Refuse("shape", "'shape'", "'shape' only with 'source: random:'",
            "A stored checkpoint has a shape of its own.");
        if (!random && given.ContainsKey("seed")) Refuse("seed", "'seed'", "'seed' only with a random: source");
        if (scheme != "hf" && model.File is not null) Refuse("file", "'file'", "'file' only with an hf: source");
        if (model.Sha256 is { } hash && !(hash.Length == 64 && hash.All(char.IsAsciiHexDigit)))
            Refuse("sha256", ProblemList.Quote(hash), "64 hexadecimal digits");
        if (model.Shape is not { } shape) return;
        if (shape.HeadDim == 0 && shape.Width % shape.Heads != 0)
            Refuse("shape", $"width {shape.Width} with {shape.Heads} heads", "a width that the heads divide, or 'head_dim'");
        if (shape.Heads % shape.KvHeads != 0) Refuse("shape", $"{shape.Heads} heads with {shape.KvHeads} kv_heads",
            "kv_heads that divide the heads");
    }
}
