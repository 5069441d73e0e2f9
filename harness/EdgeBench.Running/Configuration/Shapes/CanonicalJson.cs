using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.IO;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>Parameters in the one form that hashes equally: defaults filled in, keys sorted, numbers and names as the serializer writes them.</summary>
internal static class CanonicalJson
{
    /// <summary>
    /// Reads <paramref name="given"/> as the record and writes it back complete. Throws <see cref="JsonException"/> or
    /// <see cref="ArgumentException"/> where the record itself refuses the combination.
    /// </summary>
    public static JsonElement Complete(RecordShape shape, JsonObject given)
    {
        object record = given.Deserialize(shape.Type, EdgeBenchJson.Options) ?? throw new JsonException("null");
        JsonObject written = (JsonObject)JsonSerializer.SerializeToNode(record, shape.Type, EdgeBenchJson.Options)!;
        foreach (string computed in written.Select(pair => pair.Key).Except(shape.Keys).ToArray()) written.Remove(computed);
        return Element(Sorted(written)!);
    }

    /// <summary>The same value with keys sorted at every level.</summary>
    public static JsonElement Sort(JsonElement element) => Element(Sorted(JsonSerializer.SerializeToNode(element))!);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node, EdgeBenchJson.Options);
}
