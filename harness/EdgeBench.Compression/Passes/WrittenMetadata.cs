using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>
/// Metadata of a compressed file: every original key, <c>general.file_type</c> and <c>general.quantization_version</c> as llama.cpp sets them,
/// and <c>edgebench.recipe</c>, a JSON list of the passes that the file went through.
/// </summary>
internal static class WrittenMetadata
{
    public const string RecipeKey = "edgebench.recipe";

    // GGML_QNT_VERSION in ggml.h.
    private const uint QuantisationVersion = 2;

    /// <param name="added">Further keys.</param>
    /// <param name="facts">What the history says of the pass beside its parameters, such as the hash of its calibration text.</param>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> For(
        GgufFile input, GgmlType weights, string pass, int version, JsonElement parameters,
        IReadOnlyDictionary<string, GgufValue>? added = null, IReadOnlyDictionary<string, string>? facts = null)
    {
        return With(input, new Dictionary<string, GgufValue>(added ?? new Dictionary<string, GgufValue>())
        {
            ["general.file_type"] = GgufValue.From(FileType(weights)),
            ["general.quantization_version"] = GgufValue.From(QuantisationVersion),
        }, pass, version, parameters, facts);
    }

    /// <summary>Every original key, those of <paramref name="added"/> and the history.</summary>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> With(
        GgufFile input, IReadOnlyDictionary<string, GgufValue> added, string pass, int version, JsonElement parameters,
        IReadOnlyDictionary<string, string>? facts = null)
    {
        Dictionary<string, GgufValue> changed = new(added) { [RecipeKey] = GgufValue.From(History(input, pass, version, parameters, facts)) };
        return
        [
            .. input.Metadata.Select(entry => changed.Remove(entry.Key, out GgufValue? value) ? new(entry.Key, value) : entry),
            .. changed,
        ];
    }

    // LLAMA_FTYPE_* in llama.h: the type of most matrices; of the K types the one that mixes least.
    private static uint FileType(GgmlType type) => type switch
    {
        GgmlType.F32 => 0,
        GgmlType.F16 => 1,
        GgmlType.Q4_0 => 2,
        GgmlType.Q4_1 => 3,
        GgmlType.Q8_0 => 7,
        GgmlType.Q5_0 => 8,
        GgmlType.Q5_1 => 9,
        GgmlType.Q4_K => 14,
        GgmlType.Q5_K => 16,
        GgmlType.Q6_K => 18,
        GgmlType.BF16 => 32,
        // LLAMA_FTYPE_GUESSED, "not specified": llama.cpp has no name for int8 with a scale a row.
        GgmlType.I8 => 1024,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No pass writes this type."),
    };

    private static string History(GgufFile input, string pass, int version, JsonElement parameters, IReadOnlyDictionary<string, string>? facts)
    {
        JsonArray history = Earlier(input);
        JsonObject entry = new() { ["pass"] = pass, ["version"] = version, ["parameters"] = JsonNode.Parse(parameters.GetRawText()) };
        foreach ((string key, string value) in facts ?? new Dictionary<string, string>()) entry[key] = value;
        history.Add(entry);
        return history.ToJsonString(EdgeBenchJson.Options);
    }

    // A file from elsewhere may hold anything under the key; what is no list is no history of ours.
    private static JsonArray Earlier(GgufFile input)
    {
        if (input.Metadata.GetValueOrDefault(RecipeKey)?.AsText() is not { } text) return [];
        try
        {
            return JsonNode.Parse(text) as JsonArray ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
