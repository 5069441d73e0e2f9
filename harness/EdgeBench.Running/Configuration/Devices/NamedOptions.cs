using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Devices;

/// <summary>A registered name, bare or as the one key of a map that holds its options: <c>local</c>, <c>{ ssh: { host: pi } }</c>.</summary>
internal static class NamedOptions
{
    /// <summary>The name and its options, complete and canonical (null where the name takes none); null with problems added.</summary>
    /// <param name="types">Record type of each name's options; null where it takes none.</param>
    public static (string Name, JsonElement? Options)? Read(YamlNode node, string path, string what, IReadOnlyDictionary<string, Type?> types, Reading reading)
    {
        (string Name, Place Place, YamlNode Options)? written = node switch
        {
            YamlScalar { Kind: ScalarKind.Text } bare => (bare.Text, bare.Place, new YamlMap(bare.Place, [])),
            YamlMap { Pairs.Count: 1 } map => (map.Pairs[0].Key, map.Pairs[0].KeyPlace, map.Pairs[0].Value),
            _ => null,
        };
        string[] names = [.. types.Keys.Order(StringComparer.Ordinal)];
        if (written is not { } choice)
        {
            if (node is not YamlBroken) reading.Problems.Add(node.Place, path, node is YamlMap wide ? $"a map with {wide.Pairs.Count} keys" : ValueShape.Found(node),
                $"one {what}: its name, or one key with its options ({ProblemList.OneOf(names)})");
            return null;
        }
        if (!types.TryGetValue(choice.Name, out Type? type))
        {
            reading.Problems.AddUnknown(choice.Place, path, what, choice.Name, names);
            return null;
        }
        string inside = RecordShape.Join(path, choice.Name);
        if (reading.Parameters(choice.Options, inside, "options") is not { } options) return null;
        if (type is null)
        {
            if (options.Pairs.Count == 0) return (choice.Name, null);
            reading.Problems.Add(options.Place, inside, "options", $"none: {what} '{choice.Name}' takes no options");
            return null;
        }
        return Complete(RecordShape.Of(type), options, inside, reading) is { } complete ? (choice.Name, complete) : null;
    }

    public static JsonObject Schema(IReadOnlyDictionary<string, Type?> types)
    {
        JsonObject written = [];
        foreach ((string name, Type? type) in types.OrderBy(type => type.Key, StringComparer.Ordinal))
        {
            JsonObject none = new() { ["type"] = "null" };
            JsonObject? options = type is null ? null : RecordShape.Of(type).Schema(sweep: false);
            written[name] = options is null ? none : RecordShape.Of(type!).AllOptional ? new JsonObject { ["anyOf"] = new JsonArray(options, none) } : options;
        }
        JsonObject map = new() { ["type"] = "object", ["properties"] = written, ["additionalProperties"] = false, ["minProperties"] = 1, ["maxProperties"] = 1 };
        string[] bare = [.. types.Where(type => type.Value is null || RecordShape.Of(type.Value).AllOptional).Select(type => type.Key)];
        return bare.Length == 0 ? map : new JsonObject { ["anyOf"] = new JsonArray(SchemaParts.Names(bare), map) };
    }

    private static JsonElement? Complete(RecordShape shape, YamlMap options, string path, Reading reading)
    {
        if (!shape.TryBind(options, path, reading.Problems, out JsonObject given)) return null;
        try
        {
            return CanonicalJson.Complete(shape, given);
        }
        catch (Exception refused) when (refused is JsonException or ArgumentException or EdgeBenchException)
        {
            reading.Problems.Add(options.Place, path, $"these options do not go together: {refused.InnerException?.Message ?? refused.Message}", "a combination that is accepted");
            return null;
        }
    }
}
