using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders;

/// <summary>A <c>config.json</c>, or an object in it: values by name, with an error that names key, finding and expectation.</summary>
internal sealed class ConfigFile
{
    public const string Name = "config.json";

    /// <summary>Bytes; published ones have some thousands.</summary>
    private const int Limit = 4 << 20;

    private readonly JsonElement _object;
    private readonly string _prefix;

    private ConfigFile(JsonElement element, string path, string prefix) => (_object, Path, _prefix) = (element, path, prefix);

    public string Path { get; }

    public static ConfigFile Read(string path)
    {
        using JsonDocument document = BoundedJson.Read(path, Limit);
        return Of(document, path);
    }

    public static ConfigFile Of(JsonDocument document, string path) => document.RootElement.ValueKind == JsonValueKind.Object
        ? new ConfigFile(document.RootElement.Clone(), path, "")
        : throw EdgeBenchException.BadInput("the document is no object", "a JSON object", "Fetch the file again.", path);

    /// <summary>The first of <c>architectures</c>. Throws where there is none.</summary>
    public string Architecture => _object.TryGetProperty("architectures", out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
        && list[0].ValueKind == JsonValueKind.String
            ? list[0].GetString()!
            : throw Refused("architectures", "missing or no list of names", "the model's class, such as [\"LlamaForCausalLM\"]");

    public int Int(string key) => OptionalInt(key) ?? throw Refused(key, "missing", "a positive whole number");

    /// <summary>A positive whole number, or null where the key is absent or null.</summary>
    public int? OptionalInt(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number > 0 ? number
        : throw Refused(key, Shown(value), $"a whole number from 1 to {int.MaxValue}");

    /// <summary>An id, or null where the key is absent, null or something else (some files have a list).</summary>
    public int? TokenId(string key) => Find(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int id) && id >= 0 ? id : null;

    public double Number(string key) => OptionalNumber(key) ?? throw Refused(key, "missing", "a positive number");

    /// <summary>A positive number, or null where the key is absent or null.</summary>
    /// <param name="zero">Whether it may be 0 too.</param>
    public double? OptionalNumber(string key, bool zero = false) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && (number > 0 || (zero && number == 0)) && double.IsFinite(number) ? number
        : throw Refused(key, Shown(value), zero ? "a number from 0 up" : "a positive number");

    public bool? OptionalBool(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Refused(key, Shown(value), "true or false");

    public string? OptionalText(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Refused(key, Shown(value), "a text");

    public ConfigFile? OptionalObject(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new ConfigFile(value, Path, $"{_prefix}{key}.")
        : throw Refused(key, Shown(value), "an object");

    public float[]? OptionalNumbers(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array || !value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.Number && one.TryGetDouble(out double number) && double.IsFinite(number)))
            throw Refused(key, Shown(value), "a list of numbers");
        return [.. value.EnumerateArray().Select(one => (float)one.GetDouble())];
    }

    public EdgeBenchException Refused(string key, string found, string expected) =>
        EdgeBenchException.BadInput(found, expected, $"Fetch the model's own {System.IO.Path.GetFileName(Path)}.", Path, _prefix + key);

    private JsonElement? Find(string key) => _object.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Shown(JsonElement value) => FileErrors.Quoted(value.GetRawText());
}
