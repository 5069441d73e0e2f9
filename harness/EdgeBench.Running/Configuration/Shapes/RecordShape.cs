using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>The keys of a record in the order declared, which is the order of expansion and of names whatever order the user writes.</summary>
internal sealed record RecordShape(Type Type, IReadOnlyList<PropertyShape> Properties)
{
    private static readonly ConcurrentDictionary<Type, RecordShape> s_known = new();

    public IEnumerable<string> Keys => Properties.Select(property => property.Key);

    /// <summary>Throws <see cref="NotSupportedException"/> for a type that <c>bench.yaml</c> cannot express.</summary>
    public static RecordShape Of(Type type) => s_known.GetOrAdd(type, static t => new RecordShape(t, ShapeReader.Properties(t)));

    /// <summary>Without a key that comes from elsewhere, such as a name.</summary>
    public RecordShape Without(string key) => new(Type, [.. Properties.Where(property => property.Key != key)]);

    /// <summary>Whether <c>{}</c> is accepted.</summary>
    public bool AllOptional => Properties.All(property => !property.Required);

    public JsonObject Schema(bool sweep)
    {
        JsonObject properties = [];
        foreach (PropertyShape property in Properties) properties[property.Key] = property.Schema(sweep);
        JsonObject schema = new() { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        JsonArray required = [.. Properties.Where(property => property.Required).Select(property => JsonValue.Create(property.Key))];
        if (required.Count > 0) schema["required"] = required;
        return schema;
    }

    /// <summary>One object with the keys that were given; defaults are the record's own.</summary>
    public bool TryBind(YamlMap map, string path, ProblemList problems, out JsonObject value)
    {
        value = [];
        bool whole = CheckKeys(map, path, problems, []);
        foreach (PropertyShape property in Properties)
        {
            if (map.Find(property.Key) is not { } pair || IsLeftOut(property, pair.Value)) continue;
            bool bound = property.Value.TryBind(pair.Value, Join(path, property.Key), problems, out JsonNode? read);
            if (bound) value[property.Key] = read;
            whole &= bound;
        }
        return whole;
    }

    /// <summary>Reports keys that are unknown (besides <paramref name="reserved"/>, which the caller reads) or missing.</summary>
    public bool CheckKeys(YamlMap map, string path, ProblemList problems, IReadOnlyCollection<string> reserved)
    {
        int before = problems.Count;
        string[] allowed = [.. reserved, .. Keys];
        foreach (YamlPair pair in map.Pairs)
        {
            if (!allowed.Contains(pair.Key)) problems.AddUnknown(pair.KeyPlace, Join(path, pair.Key), "key", pair.Key, allowed);
        }
        foreach (PropertyShape property in Properties.Where(p => p.Required && map.Find(p.Key) is null))
            problems.Add(map.Place, path, $"no '{property.Key}'", $"'{property.Key}' with {property.Value.Expected}", map.Hint);
        return problems.Count == before;
    }

    public static bool IsLeftOut(PropertyShape property, YamlNode value) =>
        property.Nullable && value is YamlScalar { Kind: ScalarKind.Null };

    public static string Join(string path, string key)
    {
        string part = ProblemList.Quote(key) is var quoted && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '$') ? quoted[1..^1] : quoted;
        return path.Length == 0 ? part : $"{path}.{part}";
    }
}
