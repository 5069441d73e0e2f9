using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders;

namespace EdgeBench.Models.Adapters;

/// <summary>
/// <c>adapter_config.json</c> of Hugging Face's PEFT. What would change the computation and is not described here is refused, not left aside.
/// Source: huggingface/peft, <c>src/peft/tuners/lora/config.py</c>, <c>prompt_tuning/config.py</c>, <c>prefix_tuning/config.py</c>.
/// </summary>
internal static class PeftConfig
{
    public const string Name = "adapter_config.json";

    private const int Limit = 4 << 20;

    private static readonly IReadOnlyDictionary<AdapterKind, string> s_kinds =
        new Dictionary<AdapterKind, string> { [AdapterKind.Lora] = "LORA", [AdapterKind.Prompt] = "PROMPT_TUNING", [AdapterKind.Prefix] = "PREFIX_TUNING" };

    // Each changes what is computed unless it is absent, null, false or empty.
    private static readonly string[] s_more =
    [
        "use_dora", "use_qalora", "use_bdlora", "fan_in_fan_out", "lora_bias", "rank_pattern", "alpha_pattern", "layer_replication", "modules_to_save", "alora_invocation_tokens",
        "trainable_token_indices", "target_parameters", "kasa_config", "arrow_config", "monteclora_config", "velora_config", "prefix_projection",
    ];

    // Initialisations that take their first pair out of the base model's weights, so that the adapter alone says too little.
    private static readonly string[] s_changedBase = ["pissa", "olora", "corda", "loftq", "lora_ga"];

    /// <summary>An adapter without its tensors, and the virtual tokens that the file promises. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    public static (Adapter Adapter, ConfigFile Config) Read(string path)
    {
        using JsonDocument document = BoundedJson.Read(path, Limit);
        ConfigFile config = ConfigFile.Of(document, path);
        string type = config.OptionalText("peft_type") ?? throw config.Refused("peft_type", "missing", string.Join(", ", s_kinds.Values));
        if (!s_kinds.Values.Contains(type)) throw EdgeBenchException.BadInput($"an adapter of type {FileErrors.Quoted(type)}", $"one of {string.Join(", ", s_kinds.Values)}", Nearest.Question(type, s_kinds.Values), path, "peft_type");
        if (config.OptionalText("task_type") is { } task && task != "CAUSAL_LM") throw config.Refused("task_type", FileErrors.Quoted(task), "CAUSAL_LM");
        foreach (string key in s_more)
        {
            if (document.RootElement.TryGetProperty(key, out JsonElement value) && !IsNothing(value))
                throw EdgeBenchException.BadInput($"{FileErrors.Quoted(value.GetRawText())}", "it absent or off: this is not converted", "Merge the adapter with PEFT, and convert the model.", path, key);
        }
        AdapterKind kind = s_kinds.First(pair => pair.Value == type).Key;
        Adapter adapter = new() { Kind = kind, BaseModel = config.OptionalText("base_model_name_or_path") ?? "", Tensors = [] };
        return (kind == AdapterKind.Lora ? Lora(adapter, config, document.RootElement) : adapter, config);
    }

    public static JsonObject Write(Adapter adapter, AdapterBase? model) => adapter.Kind switch
    {
        AdapterKind.Lora => new()
        {
            ["base_model_name_or_path"] = adapter.BaseModel,
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["lora_alpha"] = adapter.Alpha == Math.Truncate(adapter.Alpha) && Math.Abs(adapter.Alpha) < int.MaxValue ? (int)adapter.Alpha : adapter.Alpha,
            ["lora_dropout"] = adapter.Dropout,
            ["peft_type"] = s_kinds[adapter.Kind],
            ["r"] = adapter.Rank,
            ["target_modules"] = new JsonArray([.. adapter.Targets.Select(target => (JsonNode)target)]),
            ["task_type"] = "CAUSAL_LM",
            ["use_dora"] = false,
            ["use_rslora"] = adapter.IsRankStabilised,
        },
        _ when s_kinds.TryGetValue(adapter.Kind, out string? type) => Prompt(adapter, type, model),
        _ => throw EdgeBenchException.BadInput($"an adapter of kind {AdapterHeader.NameOf(adapter.Kind)} for PEFT", $"one of {string.Join(", ", s_kinds.Values)}", "PEFT has no such adapters: keep it as GGUF."),
    };

    private static JsonObject Prompt(Adapter adapter, string type, AdapterBase? model)
    {
        bool isPrefix = adapter.Kind == AdapterKind.Prefix;
        JsonObject config = new()
        {
            ["base_model_name_or_path"] = adapter.BaseModel,
            ["inference_mode"] = true,
            ["num_transformer_submodules"] = 1,
            ["num_virtual_tokens"] = adapter.Tensors[0].Shape[0],
            ["peft_type"] = type,
            ["task_type"] = "CAUSAL_LM",
            // PEFT counts the elements of all key/value heads here, and those heads, for a prefix.
            ["token_dim"] = adapter.Tensors[0].Shape[1],
        };
        if (isPrefix) config["prefix_projection"] = false;
        if (model is null) return config;
        config["num_attention_heads"] = isPrefix ? model.Architecture.KvHeads : model.Architecture.Heads;
        config["num_layers"] = model.Architecture.Layers;
        return config;
    }

    private static Adapter Lora(Adapter adapter, ConfigFile config, JsonElement root)
    {
        if (config.OptionalText("bias") is { } bias && bias != "none") throw config.Refused("bias", FileErrors.Quoted(bias), "none: trained biases are not converted");
        if (root.TryGetProperty("init_lora_weights", out JsonElement start) && start.ValueKind == JsonValueKind.String && s_changedBase.FirstOrDefault(name => start.GetString()!.StartsWith(name, StringComparison.OrdinalIgnoreCase)) is { } changed)
            throw EdgeBenchException.BadInput($"an adapter that began with '{changed}', for a base model whose weights that changed", "an adapter of the base model itself", "Save it with path_initial_model_for_weight_conversion.", config.Path, "init_lora_weights");
        return adapter with
        {
            Rank = config.Int("r"),
            Alpha = config.Number("lora_alpha"),
            IsRankStabilised = config.OptionalBool("use_rslora") ?? false,
            Dropout = config.OptionalNumber("lora_dropout", zero: true) ?? 0,
            Targets = Targets(config, root),
        };
    }

    // A text is a pattern, or 'all-linear': the tensors tell what it found.
    private static string[] Targets(ConfigFile config, JsonElement root)
    {
        if (!root.TryGetProperty("target_modules", out JsonElement targets) || targets.ValueKind is JsonValueKind.Null or JsonValueKind.String) return [];
        return targets.ValueKind == JsonValueKind.Array && targets.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
            ? [.. targets.EnumerateArray().Select(one => one.GetString()!)]
            : throw config.Refused("target_modules", FileErrors.Quoted(targets.GetRawText()), "a list of names");
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
