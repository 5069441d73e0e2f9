using System.Text.Json.Nodes;
using EdgeBench.Running.Configuration.Shapes;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary>Pieces of the JSON Schema that several sections use.</summary>
internal static class SchemaParts
{
    /// <summary>A non-empty map from names to <paramref name="item"/>.</summary>
    public static JsonObject Named(JsonObject item, string description) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["patternProperties"] = new JsonObject { [NameRule.Pattern] = item },
        ["additionalProperties"] = false,
        ["minProperties"] = 1,
    };

    public static JsonObject NamesList(IEnumerable<string> names) => new()
    {
        ["type"] = "array",
        ["items"] = Names(names),
        ["minItems"] = 1,
        ["uniqueItems"] = true,
    };

    public static JsonObject Names(IEnumerable<string> names) => new() { ["enum"] = new JsonArray([.. names.Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]) };

    /// <summary>A map of parameters, or nothing at all where every one has a default.</summary>
    public static JsonObject OrNothing(RecordShape shape)
    {
        JsonObject schema = shape.Schema(sweep: true);
        return shape.AllOptional ? new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) } : schema;
    }

    /// <summary>Puts a key in front of a record's own.</summary>
    public static JsonObject With(JsonObject schema, string key, JsonObject value, bool required)
    {
        schema["properties"]!.AsObject().Insert(0, key, value);
        if (!required) return schema;
        JsonArray all = schema["required"]?.AsArray() ?? [];
        all.Insert(0, key);
        schema["required"] ??= all;
        return schema;
    }
}
