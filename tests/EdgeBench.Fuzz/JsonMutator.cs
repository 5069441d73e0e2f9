using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeBench.Fuzz;

/// <summary>Changes a JSON document in one to three places and keeps it JSON, so that what comes after the syntax is reached.</summary>
internal static class JsonMutator
{
    private const int NodeLimit = 2000;

    /// <summary>Null where the input is no JSON.</summary>
    public static byte[]? Mutate(ReadOnlySpan<byte> json, Random random)
    {
        try
        {
            JsonNode? root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 60 });
            for (int step = 1 + random.Next(3); step > 0 && root is not null; step--) Change(root, random);
            return root is null ? null : JsonSerializer.SerializeToUtf8Bytes(root);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // Names that occur twice and half surrogate pairs have no place in a tree: the mutations of bytes make them.
            return null;
        }
    }

    private static void Change(JsonNode root, Random random)
    {
        List<JsonNode> inner = [];
        Collect(root, inner);
        switch (inner.Count == 0 ? null : inner[random.Next(inner.Count)])
        {
            case JsonObject { Count: > 0 } members:
                string name = members.ElementAt(random.Next(members.Count)).Key;
                JsonNode? old = members[name]?.DeepClone();
                switch (random.Next(4))
                {
                    case 0: members.Remove(name); break;
                    case 1: members[Name(root, random)] = old; break;
                    default: members[name] = Value(root, old, random); break;
                }
                break;
            case JsonArray items:
                int at = items.Count == 0 ? 0 : random.Next(items.Count);
                if (items.Count > 0 && random.Next(3) == 0) items.RemoveAt(at);
                else items.Insert(at, Value(root, items.Count == 0 ? null : items[at]?.DeepClone(), random));
                break;
            default: break;
        }
    }

    private static void Collect(JsonNode? node, List<JsonNode> inner)
    {
        if (node is null or JsonValue || inner.Count >= NodeLimit) return;
        inner.Add(node);
        foreach (JsonNode? child in node is JsonObject members ? members.Select(member => member.Value) : (JsonArray)node) Collect(child, inner);
    }

    // Another value of the document, or one of those that parsers trip over.
    private static JsonNode? Value(JsonNode root, JsonNode? old, Random random) => random.Next(14) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(0),
        3 => JsonValue.Create(-1L),
        4 => JsonValue.Create(long.MaxValue),
        5 => JsonValue.Create(random.Next(1 << random.Next(1, 31))),
        6 => JsonValue.Create(1.5),
        7 => JsonValue.Create(1e300),
        8 => JsonValue.Create(""),
        9 => JsonValue.Create("../../etc/passwd"),
        10 => new JsonArray(old),
        11 => new JsonObject { ["type"] = old },
        _ => Any(root, random),
    };

    private static JsonNode? Any(JsonNode root, Random random)
    {
        List<JsonNode> inner = [];
        Collect(root, inner);
        JsonNode picked = inner[random.Next(inner.Count)];
        return picked switch
        {
            JsonObject { Count: > 0 } members => members.ElementAt(random.Next(members.Count)).Value?.DeepClone(),
            JsonArray { Count: > 0 } items => items[random.Next(items.Count)]?.DeepClone(),
            _ => picked.DeepClone(),
        };
    }

    private static string Name(JsonNode root, Random random)
    {
        List<JsonNode> inner = [];
        Collect(root, inner);
        return inner[random.Next(inner.Count)] is JsonObject { Count: > 0 } members ? members.ElementAt(random.Next(members.Count)).Key : "x";
    }
}
