using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary><c>devices:</c> a list of names; left out, the machine that the command runs on.</summary>
internal static class DevicesSection
{
    private const string Local = "local";

    public static List<DeviceSpec> Read(YamlNode? node, Reading reading) =>
        node is null ? [new DeviceSpec(Local)]
        : [.. NamesList.Read(node, "devices", "device", reading.Vocabulary.Devices, reading.Problems)
            .Select(item => new DeviceSpec(item.Name))];

    public static JsonObject Schema(ConfigurationVocabulary vocabulary)
    {
        JsonObject schema = SchemaParts.NamesList(vocabulary.Devices);
        schema.Insert(0, "description", "Where to measure; left out, the machine that the command runs on.");
        schema["default"] = new JsonArray(Local);
        return schema;
    }
}
