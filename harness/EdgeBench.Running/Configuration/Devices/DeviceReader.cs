using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Shapes;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration.Devices;

/// <summary>What a device file, or the mapping in its place, says of one device.</summary>
internal static class DeviceReader
{
    public const string Local = "local";

    private const int MaxMeters = 16;

    private static readonly string[] s_keys = ["profile", "launcher", "meters", "cooldown", "tuning", "tier"];

    private static readonly RecordShape s_cooldown = RecordShape.Of(typeof(CooldownSpec)), s_tuning = RecordShape.Of(typeof(TuningSpec));

    private static readonly JsonElement s_noOptions = JsonSerializer.SerializeToElement(new JsonObject());

    // A simulated device is a backend's doing, not a machine that could say so of itself.
    private static readonly ChoiceShape s_tier = new(["measured", "emulated"]);

    /// <summary>The device, or null with problems added.</summary>
    public static DeviceSpec? Read(string name, YamlNode node, string path, Reading reading)
    {
        int before = reading.Problems.Count;
        if (reading.Parameters(node, path, "what belongs to a device") is not { } map) return null;
        foreach (YamlPair pair in map.Pairs.Where(pair => !s_keys.Contains(pair.Key)))
            reading.Problems.AddUnknown(pair.KeyPlace, RecordShape.Join(path, pair.Key), "key", pair.Key, s_keys);
        (string Name, JsonElement? Options)? launcher = Launcher(name, map, path, reading);
        DeviceSpec device = new(name, launcher?.Name ?? "")
        {
            LauncherOptions = launcher?.Options,
            Profile = Profile(map, path, reading),
            Meters = Meters(map, path, reading),
            Cooldown = Cooldown(map, path, reading),
            Tuning = Tuning(map, path, reading),
            Tier = Value(map, "tier", s_tier, path, reading) is { } tier ? Enum.Parse<Tier>(tier.GetValue<string>(), ignoreCase: true) : Tier.Measured,
        };
        return reading.Problems.Count == before ? device : null;
    }

    public static JsonObject Schema(ConfigurationVocabulary vocabulary) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["profile"] = Described(SchemaParts.Names(vocabulary.Profiles), "Profile that it inherits from: what is known of this kind of device."),
            ["launcher"] = Described(NamedOptions.Schema(vocabulary.Launchers), "How its agent is started; only the device 'local' has one without saying so."),
            ["meters"] = Described(new JsonObject { ["type"] = "array", ["items"] = NamedOptions.Schema(vocabulary.Meters), ["maxItems"] = MaxMeters }, "Power meters that run with every trial."),
            ["cooldown"] = Described(s_cooldown.Schema(sweep: false), "What a trial waits for before it starts."),
            ["tuning"] = Described(s_tuning.Schema(sweep: false), "What is set on the device while a trial runs, and put back after."),
            ["tier"] = Described(s_tier.Schema(), "emulated where nothing measured on it is speed."),
        },
        ["additionalProperties"] = false,
    };

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema.Insert(0, "description", description);
        return schema;
    }

    // A file that forgot its launcher would measure this machine under the board's name.
    private static (string Name, JsonElement? Options)? Launcher(string name, YamlMap map, string path, Reading reading)
    {
        if (map.Find("launcher") is { } pair) return NamedOptions.Read(pair.Value, RecordShape.Join(path, "launcher"), "launcher", reading.Vocabulary.Launchers, reading);
        if (name == Local) return (Local, null);
        reading.Problems.Add(map.Place, path, $"device {ProblemList.Quote(name)} without 'launcher'", $"'launcher' with {ProblemList.OneOf([.. reading.Vocabulary.Launchers.Keys.Order(StringComparer.Ordinal)])}",
            "Write 'launcher: local' if it is the machine that the command runs on.");
        return null;
    }

    private static string? Profile(YamlMap map, string path, Reading reading)
    {
        if (Value(map, "profile", new TextShape(), path, reading) is not { } value) return null;
        string profile = value.GetValue<string>();
        if (reading.Vocabulary.Profiles.Contains(profile)) return profile;
        reading.Problems.AddUnknown(map.Find("profile")!.Value.Place, RecordShape.Join(path, "profile"), "profile", profile, reading.Vocabulary.Profiles);
        return null;
    }

    private static List<MeterSpec> Meters(YamlMap map, string path, Reading reading)
    {
        List<MeterSpec> meters = [];
        if (map.Find("meters") is not { } pair || pair.Value is YamlBroken) return meters;
        string inside = RecordShape.Join(path, "meters");
        if (pair.Value is not YamlList { Items.Count: <= MaxMeters } list)
        {
            reading.Problems.Add(pair.Value.Place, inside, pair.Value is YamlList wide ? $"{wide.Items.Count} meters" : ValueShape.Found(pair.Value),
                $"a list of at most {MaxMeters} meters", "Write [] for none.");
            return meters;
        }
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (NamedOptions.Read(list.Items[i], $"{inside}[{i}]", "meter", reading.Vocabulary.Meters, reading) is not { } meter) continue;
            JsonElement options = meter.Options ?? s_noOptions;
            if (meters.Any(known => known.Type == meter.Name && known.Options.GetRawText() == options.GetRawText()))
                reading.Problems.Add(list.Items[i].Place, $"{inside}[{i}]", $"duplicate meter {ProblemList.Quote(meter.Name)}", "each meter once");
            meters.Add(new MeterSpec(meter.Name, options));
        }
        return meters;
    }

    private static CooldownSpec? Cooldown(YamlMap map, string path, Reading reading)
    {
        if (Value(map, "cooldown", new NestedShape(s_cooldown), path, reading) is not { } given) return null;
        CooldownSpec cooldown = given.Deserialize<CooldownSpec>(EdgeBenchJson.Options)!;
        (string inside, Place place) = (RecordShape.Join(path, "cooldown"), map.Find("cooldown")!.Value.Place);
        if (cooldown is { Below: null, Rest.Ticks: 0 })
            reading.Problems.Add(place, inside, "a cool-down that waits for nothing", "'below' with a temperature in °C, or 'rest' with a time");
        if (cooldown.Below is not null && cooldown.Rest > cooldown.Limit)
            reading.Problems.Add(place, inside, $"rest of {cooldown.Rest.TotalSeconds}s above limit of {cooldown.Limit.TotalSeconds}s", "rest up to limit");
        return cooldown;
    }

    private static TuningSpec? Tuning(YamlMap map, string path, Reading reading)
    {
        if (Value(map, "tuning", new NestedShape(s_tuning), path, reading) is not { } given) return null;
        TuningSpec tuning = given.Deserialize<TuningSpec>(EdgeBenchJson.Options)!;
        (string inside, Place place) = (RecordShape.Join(path, "tuning"), map.Find("tuning")!.Value.Place);
        if (tuning is { Governor: null, JetsonClocks: false })
            reading.Problems.Add(place, inside, "a tuning that sets nothing", "'governor' or 'jetson_clocks: true'");
        if (tuning.Governor is { } governor && !(governor.Length is > 0 and <= 16 && governor.All(c => char.IsAsciiLetterLower(c) || c == '_')))
            reading.Problems.Add(place, RecordShape.Join(inside, "governor"), ProblemList.Quote(governor), "a governor's name, such as performance, powersave, schedutil or ondemand");
        return tuning;
    }

    private static JsonNode? Value(YamlMap map, string key, ValueShape shape, string path, Reading reading) =>
        map.Find(key) is { } pair && shape.TryBind(pair.Value, RecordShape.Join(path, key), reading.Problems, out JsonNode? value) ? value : null;
}
