using System.Text.Json;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>Which nodes of a session ran on which execution provider, from ONNX Runtime's profile of one call.</summary>
/// <param name="ByProvider">Nodes by the provider's full name.</param>
/// <param name="Operators">Nodes by operator after all rewriting, most frequent first.</param>
internal sealed record NodePlacement(IReadOnlyDictionary<string, int> ByProvider, IReadOnlyList<KeyValuePair<string, int>> Operators)
{
    private const string KernelTime = "_kernel_time";

    /// <summary>Reads a profile (Chrome's trace format); null where it names no node.</summary>
    public static NodePlacement? Read(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using JsonDocument document = JsonDocument.Parse(stream);
        Dictionary<string, (string Provider, string Operator)> nodes = new(StringComparer.Ordinal);
        foreach (JsonElement entry in document.RootElement.EnumerateArray())
        {
            if (Text(entry, "cat") != "Node" || Text(entry, "name") is not { } name || !name.EndsWith(KernelTime, StringComparison.Ordinal)) continue;
            if (entry.TryGetProperty("args", out JsonElement details) && Text(details, "provider") is { } provider)
                nodes[Text(details, "node_index") is { } index ? $"{index} {name}" : name] = (provider, Text(details, "op_name") ?? "?");
        }
        return nodes.Count == 0 ? null : new(
            nodes.Values.CountBy(node => node.Provider).ToDictionary(),
            [.. nodes.Values.CountBy(node => node.Operator).OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)]);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
