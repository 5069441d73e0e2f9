using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Devices.Profiles;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Devices;

/// <summary>Reads a device profile as strictly as a bench file, or throws <see cref="EdgeBenchException"/> (exit code 2) with every problem found.</summary>
public static class ProfileReader
{
    private const string What = "a device profile";

    private static readonly RecordShape s_shape = RecordShape.Of(typeof(DeviceProfile));

    /// <param name="displayName">File name for problems.</param>
    public static DeviceProfile Read(string text, string displayName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ProblemList problems = new();
        YamlNode root = YamlText.Parse(text, displayName, What, problems) ?? new YamlMap(new Place(displayName, 1, 1), []);
        if (new NestedShape(s_shape).TryBind(root, "", problems, out JsonNode? given)) CheckSources(root, "", problems);
        problems.ThrowIfAny();
        return given.Deserialize<DeviceProfile>(EdgeBenchJson.Options)!;
    }

    private static void CheckSources(YamlNode node, string path, ProblemList problems)
    {
        if (node is YamlList list)
        {
            for (int i = 0; i < list.Items.Count; i++) CheckSources(list.Items[i], $"{path}[{i}]", problems);
        }
        if (node is not YamlMap map) return;
        foreach (YamlPair pair in map.Pairs)
        {
            string inside = RecordShape.Join(path, pair.Key);
            if (pair is { Key: "source", Value: YamlScalar scalar } && string.IsNullOrWhiteSpace(scalar.Text))
                problems.Add(scalar.Place, inside, "a figure without a source", "title and section of the vendor's document, or 'derived:' with the calculation");
            CheckSources(pair.Value, inside, problems);
        }
    }
}
