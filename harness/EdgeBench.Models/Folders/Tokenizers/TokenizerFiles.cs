using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>The tokenizer's JSON files of a folder; each may be absent.</summary>
internal sealed class TokenizerFiles : IDisposable
{
    public const string JsonName = "tokenizer.json";
    public const string ConfigName = "tokenizer_config.json";
    public const string ModelName = "tokenizer.model";
    public const string WordsName = "vocab.txt";

    /// <summary>Every file that import reads for a tokenizer.</summary>
    public static readonly string[] Names = [JsonName, ConfigName, ModelName, WordsName, "added_tokens.json", "chat_template.jinja", "chat_template.json"];

    /// <summary>The largest published one takes 33 MB.</summary>
    public const int JsonLimit = 48 << 20;

    private const int SmallLimit = 8 << 20;

    private readonly JsonDocument? _json;
    private readonly JsonDocument? _config;

    public TokenizerFiles(ModelFolder folder)
    {
        Folder = folder;
        _json = folder.Find(JsonName) is { } json ? Object(json, JsonLimit) : null;
        _config = folder.Find(ConfigName) is { } config ? Object(config, SmallLimit) : null;
    }

    /// <summary>Of documents that are in memory; both are objects.</summary>
    public TokenizerFiles(ModelFolder folder, JsonDocument? json, JsonDocument? config) => (Folder, _json, _config) = (folder, json, config);

    public ModelFolder Folder { get; }

    /// <summary><c>tokenizer.json</c>, or null.</summary>
    public JsonElement? Json => _json?.RootElement;

    /// <summary><c>tokenizer_config.json</c>, or null.</summary>
    public JsonElement? Config => _config?.RootElement;

    public string JsonPath => Path.Combine(Folder.Path, JsonName);

    /// <summary>Text of an entry of tokenizer_config.json: a text, or an object with <c>content</c>; null otherwise.</summary>
    public string? ConfigText(string key) => Config is { } config ? Text(config, key) : null;

    /// <summary>The chat template, or null: of tokenizer_config.json, else of a file of its own.</summary>
    public string? ChatTemplate()
    {
        if (Config is { } config && config.TryGetProperty("chat_template", out JsonElement template))
        {
            if (template.ValueKind == JsonValueKind.String) return template.GetString();
            if (template.ValueKind == JsonValueKind.Array) return Default(template);
        }
        if (Folder.Find("chat_template.jinja") is { } jinja)
        {
            return new FileInfo(jinja).Length <= SmallLimit ? File.ReadAllText(jinja)
                : throw EdgeBenchException.BadInput($"the file has more than {SmallLimit} bytes", "a chat template", "Fetch it again.", jinja);
        }
        if (Folder.Find("chat_template.json") is not { } path) return null;
        using JsonDocument document = Object(path, SmallLimit);
        return Text(document.RootElement, "chat_template");
    }

    public static string? Text(JsonElement element, string key)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content)) value = content;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    public void Dispose()
    {
        _json?.Dispose();
        _config?.Dispose();
    }

    // Several named templates: the one called default is the model's; the others are for callers that name them.
    private static string? Default(JsonElement templates) => templates.EnumerateArray()
        .Where(template => Text(template, "name") == "default").Select(template => Text(template, "template")).FirstOrDefault();

    private static JsonDocument Object(string path, int limit)
    {
        JsonDocument document = BoundedJson.Read(path, limit);
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw EdgeBenchException.BadInput("the document is no object", "a JSON object", "Fetch the file again.", path);
    }
}
