using System.Text;
using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>
/// WordPiece of tokenizer.json or vocab.txt as GGUF metadata: a piece that starts a word gets '▁' before it, one that goes on loses its '##'. Source:
/// llama.cpp, <c>conversion/bert.py</c>, <c>set_vocab</c>.
/// </summary>
internal static class WordPieceImport
{
    private const string Continuing = "##";

    // llama.cpp looks at no name for this kind of vocabulary; this is the one that its converter finds for BERT's.
    private const string Pre = "bert-bge";

    private static readonly string[] s_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    public static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(JsonElement tokenizer, int? declared, int tokenTypes, string path)
    {
        JsonElement model = tokenizer.GetProperty("model");
        if (TokenizerFiles.Text(model, "continuing_subword_prefix") is { } prefix && prefix != Continuing) throw TokenizerRefusal.Of(path, $"pieces that go on start with {FileErrors.Quoted(prefix)}", "'##'");
        if (!tokenizer.TryGetProperty("pre_tokenizer", out JsonElement pre) || TokenizerFiles.Text(pre, "type") != "BertPreTokenizer") throw TokenizerRefusal.Of(path, "a pre-tokenizer other than BERT's", "BertPreTokenizer");
        if (!tokenizer.TryGetProperty("normalizer", out JsonElement normaliser) || TokenizerFiles.Text(normaliser, "type") != "BertNormalizer") throw TokenizerRefusal.Of(path, "a normaliser other than BERT's", "BertNormalizer");
        if (Flag(normaliser, "clean_text") == false || Flag(normaliser, "handle_chinese_chars") == false) throw TokenizerRefusal.Of(path, "a normaliser that keeps control characters or does not part Chinese characters", "clean_text and handle_chinese_chars");
        bool lowercase = Flag(normaliser, "lowercase") ?? true;
        Vocabulary vocabulary = JsonVocabulary.Read(tokenizer, model, declared, path, (text, added) =>
            added?.Stored is { Type: TokenTypes.Control } control ? control : (Phantom(text), added is null ? TokenTypes.Normal : TokenTypes.UserDefined));
        return All(vocabulary, tokenTypes, lowercase, Flag(normaliser, "strip_accents") ?? lowercase);
    }

    /// <summary>From the lines of vocab.txt.</summary>
    public static (IEnumerable<KeyValuePair<string, GgufValue>> Metadata, Vocabulary Vocabulary) Metadata(byte[] words, bool lowercase, int? declared, int tokenTypes, string path)
    {
        string[] lines;
        try
        {
            lines = new UTF8Encoding(false, true).GetString(words).TrimEnd('\n').Split('\n');
        }
        catch (DecoderFallbackException)
        {
            throw EdgeBenchException.BadInput("a line that is no UTF-8", "one token a line", "Fetch the file again.", path);
        }
        int count = declared ?? lines.Length;
        if (lines.Length > count || count > Vocabulary.Limit)
            throw EdgeBenchException.BadInput($"{lines.Length} lines with a vocabulary of {count}", $"at most as many, and at most {Vocabulary.Limit}", "Tokenizer and config.json do not belong together.", path);
        Vocabulary vocabulary = new(count);
        for (int id = 0; id < lines.Length; id++)
        {
            string text = lines[id].TrimEnd('\r');
            if (text.Length == 0) throw EdgeBenchException.BadInput($"line {id + 1} is empty", "one token a line", "Fetch the file again.", path);
            bool special = s_special.Contains(text);
            vocabulary.Set(id, special ? text : Phantom(text), special ? TokenTypes.Control : TokenTypes.Normal, 0);
        }
        return (All(vocabulary, tokenTypes, lowercase, lowercase), vocabulary);
    }

    private static IEnumerable<KeyValuePair<string, GgufValue>> All(Vocabulary vocabulary, int tokenTypes, bool lowercase, bool stripAccents) =>
    [
        new("tokenizer.ggml.token_type_count", GgufValue.From((uint)tokenTypes)),
        .. vocabulary.Metadata("bert", Pre, scores: false),
        new("tokenizer.ggml.normalizer.lowercase", GgufValue.From(lowercase)),
        new("tokenizer.ggml.normalizer.strip_accents", GgufValue.From(stripAccents)),
    ];

    private static string Phantom(string text) => text.StartsWith(Continuing, StringComparison.Ordinal) ? text[Continuing.Length..] : $"\u2581{text}";

    private static bool? Flag(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;
}
