using System.Text.Json;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>
/// Ids of special tokens, whether a text starts and ends with them, and the chat template. Source: llama.cpp, <c>gguf-py/gguf/vocab.py</c>,
/// <c>SpecialVocab</c>.
/// </summary>
internal sealed class SpecialTokens
{
    private static readonly (string Type, string Key)[] s_types =
        [("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("sep", "seperator"), ("pad", "padding"), ("cls", "cls"), ("mask", "mask")];

    private readonly Dictionary<string, uint> _ids = [];
    private readonly Dictionary<string, bool> _adds = [];
    private readonly string? _template;

    public SpecialTokens(TokenizerFiles files, ConfigFile config, Func<string, int?> idOf)
    {
        Dictionary<string, string?> texts = s_types.ToDictionary(type => type.Type, type => files.ConfigText($"{type.Type}_token"));
        texts["bos"] ??= texts["cls"];
        texts["eos"] ??= texts["sep"];
        if (files.Json is { } json && json.TryGetProperty("post_processor", out JsonElement processor)) ReadTemplate(processor, texts, files.Config is null);
        foreach ((string type, _) in s_types)
        {
            if (files.Config is { } own && own.TryGetProperty($"add_{type}_token", out JsonElement add) && add.ValueKind is JsonValueKind.True or JsonValueKind.False) _adds[type] = add.GetBoolean();
            if (texts[type] is { } text && idOf(text) is { } id) _ids[type] = (uint)id;
            else if (config.TokenId($"{type}_token_id") is { } configured) _ids[type] = (uint)configured;
        }
        _template = files.ChatTemplate();
    }

    public IEnumerable<KeyValuePair<string, GgufValue>> Metadata(int vocabulary)
    {
        foreach ((string type, string key) in s_types)
        {
            if (_ids.TryGetValue(type, out uint id) && id < vocabulary && type != "cls") yield return new($"tokenizer.ggml.{key}_token_id", GgufValue.From(id));
        }
        foreach (string type in new[] { "bos", "eos", "sep" })
        {
            if (_adds.TryGetValue(type, out bool add)) yield return new($"tokenizer.ggml.add_{type}_token", GgufValue.From(add));
        }
        if (_template is not null) yield return new("tokenizer.chat_template", GgufValue.From(_template));
    }

    // What a template puts before and after one text; templates for pairs do not matter to one text.
    private void ReadTemplate(JsonElement processor, Dictionary<string, string?> texts, bool noConfig)
    {
        if (processor.ValueKind != JsonValueKind.Object) return;
        if (processor.TryGetProperty("processors", out JsonElement inner) && inner.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in inner.EnumerateArray()) ReadTemplate(one, texts, noConfig);
            return;
        }
        if (TokenizerFiles.Text(processor, "type") != "TemplateProcessing" || !processor.TryGetProperty("single", out JsonElement single) || single.ValueKind != JsonValueKind.Array || single.GetArrayLength() < 2) return;
        if (Special(single[0]) is { } first)
        {
            if (noConfig) texts["bos"] = first;
            texts["bos"] ??= first;
            _adds["bos"] = first == texts["bos"] || first == texts["cls"];
        }
        if (Special(single[single.GetArrayLength() - 1]) is { } last)
        {
            if (noConfig || last != texts["eos"]) texts["eos"] = last;
            _adds["eos"] = true;
        }
    }

    private static string? Special(JsonElement step) =>
        step.ValueKind == JsonValueKind.Object && step.TryGetProperty("SpecialToken", out JsonElement token) ? TokenizerFiles.Text(token, "id") : null;
}
