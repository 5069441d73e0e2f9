using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>Byte-level BPE of tokenizer.json as GGUF metadata. Source: llama.cpp, <c>conversion/base.py</c>, <c>get_vocab_base</c> and <c>_set_vocab_gpt2</c>.</summary>
internal static class BytePairImport
{
    public static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(JsonElement tokenizer, int? declared, string path)
    {
        JsonElement model = tokenizer.GetProperty("model");
        PreTokenizerKind kind = KindOf(tokenizer, model, path);
        Vocabulary vocabulary = JsonVocabulary.Read(tokenizer, model, declared, path, (text, added) => added?.Stored ?? (text, TokenTypes.Normal));
        return
        [
            .. vocabulary.Metadata("gpt2", kind.Name, scores: false),
            new("tokenizer.ggml.merges", GgufValue.From(new GgufArray(GgufValueType.String, Merges(model, path)))),
        ];
    }

    private static PreTokenizerKind KindOf(JsonElement tokenizer, JsonElement model, string path)
    {
        foreach (string key in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (TokenizerFiles.Text(model, key) is { Length: > 0 } affix) throw TokenizerRefusal.Of(path, $"'{key}' is {FileErrors.Quoted(affix)}");
        }
        if (Flag(model, "byte_fallback")) throw TokenizerRefusal.Of(path, "BPE with byte fallback, which is SentencePiece's kind; its exact form is tokenizer.model", "tokenizer.model beside tokenizer.json");
        string? normaliser = tokenizer.TryGetProperty("normalizer", out JsonElement found) && found.ValueKind == JsonValueKind.Object ? TokenizerFiles.Text(found, "type") ?? "?" : null;
        IReadOnlyList<string> steps = PreTokenizer.Steps(tokenizer.TryGetProperty("pre_tokenizer", out JsonElement pre) ? pre : null);
        bool ignoreMerges = Flag(model, "ignore_merges");
        return PreTokenizerKind.Find(steps, ignoreMerges, normaliser) ?? throw TokenizerRefusal.Of(path,
            $"pre-tokenizer {FileErrors.Quoted(string.Join(" → ", steps))}{(normaliser is null ? "" : $" with the normaliser {FileErrors.Quoted(normaliser)}")}{(ignoreMerges ? ", ignoring merges" : "")}",
            $"the rules of one of {string.Join(", ", PreTokenizerKind.All.Select(kind => kind.Name))}");
    }

    // Pairs, or texts with a space between: within a token, bytes are letters and a space is 'Ġ', so a space in a token of a pair is written so.
    private static string[] Merges(JsonElement model, string path)
    {
        if (!model.TryGetProperty("merges", out JsonElement merges) || merges.ValueKind != JsonValueKind.Array || merges.GetArrayLength() == 0)
            throw EdgeBenchException.BadInput("no merges", "the merges of a BPE model", "Fetch the file again.", path, "model.merges");
        string[] texts = new string[merges.GetArrayLength()];
        int at = 0;
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            texts[at++] = merge.ValueKind switch
            {
                JsonValueKind.String when merge.GetString() is { } text && text.Split(' ') is [{ Length: > 0 }, { Length: > 0 }] => text,
                JsonValueKind.Array when merge.GetArrayLength() == 2 && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String =>
                    $"{merge[0].GetString()!.Replace(' ', '\u0120')} {merge[1].GetString()!.Replace(' ', '\u0120')}",
                _ => throw EdgeBenchException.BadInput($"merge {at - 1} is {FileErrors.Quoted(merge.GetRawText())}", "two texts", "Fetch the file again.", path, "model.merges"),
            };
        }
        return texts;
    }

    private static bool Flag(JsonElement element, string key) => element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
