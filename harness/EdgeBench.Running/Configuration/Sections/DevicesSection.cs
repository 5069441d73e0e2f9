using System.Text.Json.Nodes;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Configuration.Devices;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Sections;

/// <summary>
/// <c>devices:</c> a list of names or device files, or a map from names to what a device file would say (nothing: as in the list); left out, the
/// machine that the command runs on.
/// </summary>
internal static class DevicesSection
{
    private const string Section = "devices", Form = "a list of devices (local, a name of devices/<name>.yaml, or a path ending in .yaml), or a map from names to what belongs to each";

    public static List<DeviceSpec> Read(YamlNode? node, Reading reading)
    {
        if (node is null) return [new DeviceSpec(DeviceReader.Local)];
        List<DeviceSpec> devices = [];
        switch (node)
        {
            case YamlList { Items.Count: > 0 } list:
                for (int i = 0; i < list.Items.Count; i++) Add(Item(list.Items[i], $"{Section}[{i}]", reading), list.Items[i].Place, $"{Section}[{i}]", devices, reading);
                break;
            case YamlMap { Pairs.Count: > 0 } map:
                foreach (YamlPair pair in map.Pairs) Add(Named(pair, reading), pair.KeyPlace, RecordShape.Join(Section, pair.Key), devices, reading);
                break;
            case YamlBroken:
                break;
            default:
                reading.Problems.Add(node.Place, Section, node is YamlMap ? "an empty map" : ValueShape.Found(node), Form);
                break;
        }
        return devices;
    }

    public static JsonObject Schema(ConfigurationVocabulary vocabulary)
    {
        JsonObject written = new() { ["type"] = "string", ["minLength"] = 1, ["description"] = "local, the name of devices/<name>.yaml, or a path ending in .yaml." };
        JsonObject list = new() { ["type"] = "array", ["items"] = written, ["minItems"] = 1, ["uniqueItems"] = true };
        JsonObject map = new()
        {
            ["type"] = "object",
            ["propertyNames"] = new JsonObject { ["pattern"] = NameRule.Pattern },
            ["additionalProperties"] = new JsonObject { ["anyOf"] = new JsonArray(DeviceReader.Schema(vocabulary), new JsonObject { ["type"] = "null" }) },
            ["minProperties"] = 1,
        };
        return new JsonObject
        {
            ["description"] = "Where to measure; left out, the machine that the command runs on.",
            ["anyOf"] = new JsonArray(list, map),
            ["default"] = new JsonArray(DeviceReader.Local),
        };
    }

    private static void Add(DeviceSpec? device, Place place, string path, List<DeviceSpec> devices, Reading reading)
    {
        if (device is null) return;
        if (devices.Any(known => known.Name == device.Name))
            reading.Problems.Add(place, path, $"duplicate device {ProblemList.Quote(device.Name)}", "each device once");
        else devices.Add(device);
    }

    private static DeviceSpec? Item(YamlNode item, string path, Reading reading)
    {
        if (item is YamlScalar { Kind: not ScalarKind.Null } scalar)
        {
            bool file = scalar.Text.EndsWith(DeviceFolders.Suffix, StringComparison.Ordinal);
            return file || NameRule.Check(scalar.Text, item.Place, path, "device name", reading.Problems) ? DeviceFile.Resolve(scalar.Text, item.Place, path, reading) : null;
        }
        string? remedy = item is YamlMap ? "To describe a device here, write the section as a map from names." : null;
        if (item is not YamlBroken) reading.Problems.Add(item.Place, path, ValueShape.Found(item), "a device: local, a name or a path", remedy);
        return null;
    }

    private static DeviceSpec? Named(YamlPair pair, Reading reading)
    {
        string path = RecordShape.Join(Section, pair.Key);
        if (!NameRule.Check(pair.Key, pair.KeyPlace, Section, "device name", reading.Problems)) return null;
        return pair.Value is YamlScalar { Kind: ScalarKind.Null }
            ? DeviceFile.Resolve(pair.Key, pair.KeyPlace, path, reading)
            : DeviceReader.Read(pair.Key, pair.Value, path, reading);
    }
}
