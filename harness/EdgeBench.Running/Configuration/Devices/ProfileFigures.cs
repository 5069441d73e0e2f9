using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Devices.Profiles;

namespace EdgeBench.Running.Configuration.Devices;

/// <summary>A figure of a profile with its place.</summary>
/// <param name="Path">Such as <c>cores.Cortex-A76.clock_mhz</c>; entries of lists by their name where they have one.</param>
public sealed record ProfileFigure(string Path, double Value, string Source);

/// <summary>Every figure of a profile, found by walking it: none can be forgotten.</summary>
public static class ProfileFigures
{
    private static readonly string[] s_names = ["name", "precision"];

    public static IReadOnlyList<ProfileFigure> Of(DeviceProfile profile)
    {
        List<ProfileFigure> figures = [];
        Walk(JsonSerializer.SerializeToNode(profile, EdgeBenchJson.Options), "", figures);
        return figures;
    }

    private static void Walk(JsonNode? node, string path, List<ProfileFigure> figures)
    {
        if (node is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++) Walk(list[i], $"{path}{Name(list[i], i)}", figures);
        }
        if (node is not JsonObject map) return;
        if (map.ContainsKey("value") && map.ContainsKey("source"))
        {
            figures.Add(new ProfileFigure(path, map["value"]!.GetValue<double>(), map["source"]!.GetValue<string>()));
            return;
        }
        foreach ((string key, JsonNode? value) in map) Walk(value, path.Length == 0 ? key : $"{path}.{key}", figures);
    }

    private static string Name(JsonNode? item, int index) =>
        item is JsonObject map && s_names.Select(key => map[key]).FirstOrDefault(name => name is not null) is { } found ? $".{found.GetValue<string>()}"
        : $"[{index.ToString(CultureInfo.InvariantCulture)}]";
}
