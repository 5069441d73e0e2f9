using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>A token beside the model's own vocabulary.</summary>
internal readonly record struct AddedToken(int Id, string Text, bool Special)
{
    /// <summary>What GGUF calls it, with the text as GGUF keeps it.</summary>
    public (string Text, int Type) Stored => Special || TokenTypes.LooksSpecial(Text)
        ? (Text, TokenTypes.Control)
        : (Text.Replace('\u2581', ' '), TokenTypes.UserDefined);

    /// <summary><c>added_tokens</c> of tokenizer.json. Throws <see cref="EdgeBenchException"/> (bad input) for an entry without id or text.</summary>
    public static IReadOnlyList<AddedToken> Of(JsonElement tokenizer, string path)
    {
        List<AddedToken> tokens = [];
        if (!tokenizer.TryGetProperty("added_tokens", out JsonElement list) || list.ValueKind != JsonValueKind.Array) return tokens;
        foreach (JsonElement entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("id", out JsonElement id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out int number) || number < 0
                || TokenizerFiles.Text(entry, "content") is not { Length: > 0 } text)
                throw EdgeBenchException.BadInput($"added token {FileErrors.Quoted(entry.GetRawText())}", "an id of 0 or more and a text", "Fetch the file again.", path, "added_tokens");
            if (entry.TryGetProperty("single_word", out JsonElement word) && word.ValueKind == JsonValueKind.True)
                throw TokenizerRefusal.Of(path, $"added token {FileErrors.Quoted(text)} counts as whole words only (single_word)");
            tokens.Add(new AddedToken(number, text, entry.TryGetProperty("special", out JsonElement special) && special.ValueKind == JsonValueKind.True));
        }
        return tokens;
    }

    /// <summary><c>added_tokens_decoder</c> of tokenizer_config.json.</summary>
    public static IReadOnlyList<AddedToken> OfConfig(JsonElement config, string path)
    {
        List<AddedToken> tokens = [];
        if (!config.TryGetProperty("added_tokens_decoder", out JsonElement map) || map.ValueKind != JsonValueKind.Object) return tokens;
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, System.Globalization.NumberStyles.None, null, out int id) || TokenizerFiles.Text(entry.Value, "content") is not { Length: > 0 } text)
                throw EdgeBenchException.BadInput($"added token {FileErrors.Quoted(entry.Name)}", "an id of 0 or more and a text", "Fetch the file again.", path, "added_tokens_decoder");
            tokens.Add(new AddedToken(id, text, entry.Value.TryGetProperty("special", out JsonElement special) && special.ValueKind == JsonValueKind.True));
        }
        return tokens;
    }
}
