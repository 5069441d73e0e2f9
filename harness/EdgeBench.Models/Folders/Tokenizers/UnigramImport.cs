using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>Unigram of tokenizer.json (pieces with log probabilities) as GGUF's kind <c>t5</c>. Source: llama.cpp, <c>conversion/bert.py</c>, <c>_xlmroberta_set_vocab</c>.</summary>
internal static class UnigramImport
{
    public static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(JsonElement tokenizer, int? declared, string path)
    {
        JsonElement model = tokenizer.GetProperty("model");
        if (!model.TryGetProperty("vocab", out JsonElement vocab) || vocab.ValueKind != JsonValueKind.Array || vocab.GetArrayLength() == 0)
            throw EdgeBenchException.BadInput("no vocabulary", "a list of pieces with scores", "Fetch the file again.", path, "model.vocab");
        (bool removeExtra, byte[] map) = Normaliser(tokenizer, path);
        bool prefix = Prefix(tokenizer, path);
        int count = declared ?? vocab.GetArrayLength();
        if (vocab.GetArrayLength() > count || count > Vocabulary.Limit)
            throw EdgeBenchException.BadInput($"{vocab.GetArrayLength()} pieces with a vocabulary of {count}", $"at most as many, and at most {Vocabulary.Limit}", "Tokenizer and config.json do not belong together.", path, "model.vocab");
        int unknown = model.TryGetProperty("unk_id", out JsonElement unk) && unk.ValueKind == JsonValueKind.Number && unk.TryGetInt32(out int id) ? id : -1;
        Vocabulary vocabulary = new(count);
        int at = 0;
        foreach (JsonElement piece in vocab.EnumerateArray())
        {
            if (piece.ValueKind != JsonValueKind.Array || piece.GetArrayLength() != 2 || piece[0].ValueKind != JsonValueKind.String || piece[1].ValueKind != JsonValueKind.Number || !piece[1].TryGetSingle(out float score) || !float.IsFinite(score))
                throw EdgeBenchException.BadInput($"piece {at} is {FileErrors.Quoted(piece.GetRawText())}", "a text and a score", "Fetch the file again.", path, "model.vocab");
            vocabulary.Set(at, piece[0].GetString()!, at == unknown ? TokenTypes.Unknown : TokenTypes.Normal, score);
            at++;
        }
        foreach (AddedToken token in AddedToken.Of(tokenizer, path))
        {
            if (token.Id >= count) throw EdgeBenchException.BadInput($"added token {FileErrors.Quoted(token.Text)} has the id {token.Id}", $"an id below {count}", "Tokenizer and config.json do not belong together.", path, "added_tokens");
            if (token.Id != unknown) vocabulary.Set(token.Id, token.Text, token.Special ? TokenTypes.Control : TokenTypes.UserDefined, 0);
        }
        return
        [
            .. vocabulary.Metadata("t5", "default", scores: true),
            new("tokenizer.ggml.add_space_prefix", GgufValue.From(prefix)),
            new("tokenizer.ggml.remove_extra_whitespaces", GgufValue.From(removeExtra)),
            new("tokenizer.ggml.precompiled_charsmap", GgufValue.From(new GgufArray(GgufValueType.UInt8, map))),
        ];
    }

    // SentencePiece's own normaliser and, after it, spaces in a row become one: what remove_extra_whitespaces says.
    private static (bool RemoveExtra, byte[] Map) Normaliser(JsonElement tokenizer, string path)
    {
        JsonElement normaliser = tokenizer.TryGetProperty("normalizer", out JsonElement found) ? found : default;
        JsonElement[] steps = TokenizerFiles.Text(normaliser, "type") == "Sequence" && normaliser.TryGetProperty("normalizers", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [normaliser];
        if (steps.Length is 1 or 2 && TokenizerFiles.Text(steps[0], "type") == "Precompiled" && TokenizerFiles.Text(steps[0], "precompiled_charsmap") is { } text && (steps.Length == 1 || IsSpaces(steps[1])))
        {
            byte[] map = new byte[(text.Length / 4 * 3) + 3];
            if (Convert.TryFromBase64String(text, map, out int bytes)) return (steps.Length == 2, map[..bytes]);
        }
        throw TokenizerRefusal.Of(path, "a unigram model without SentencePiece's precompiled normaliser", "a normaliser 'Precompiled', perhaps followed by one that replaces spaces in a row");
    }

    private static bool IsSpaces(JsonElement step) => TokenizerFiles.Text(step, "type") == "Replace" && step.TryGetProperty("pattern", out JsonElement pattern) && TokenizerFiles.Text(pattern, "Regex") == " {2,}";

    private static bool Prefix(JsonElement tokenizer, string path)
    {
        JsonElement pre = tokenizer.TryGetProperty("pre_tokenizer", out JsonElement found) ? found : default;
        JsonElement[] steps = TokenizerFiles.Text(pre, "type") == "Sequence" && pre.TryGetProperty("pretokenizers", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [pre];
        JsonElement last = steps.Length > 0 ? steps[^1] : default;
        if (TokenizerFiles.Text(last, "type") != "Metaspace" || steps[..^1].Any(step => TokenizerFiles.Text(step, "type") != "WhitespaceSplit"))
            throw TokenizerRefusal.Of(path, "a unigram model with a pre-tokenizer other than Metaspace", "Metaspace");
        return TokenizerFiles.Text(last, "prepend_scheme") != "never" && !(last.TryGetProperty("add_prefix_space", out JsonElement add) && add.ValueKind == JsonValueKind.False);
    }
}
