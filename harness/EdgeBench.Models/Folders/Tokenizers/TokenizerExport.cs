using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>A tokenizer's files for a folder, and what a user should know of them.</summary>
internal sealed record ExportedTokenizer(IReadOnlyList<(string Name, byte[] Content)> Files, string Note);

/// <summary>
/// GGUF's tokenizer as Hugging Face's files, only where they are exact: byte-level BPE of a known kind and WordPiece as tokenizer.json,
/// SentencePiece as tokenizer.model. Any other stays in the GGUF metadata beside the weights.
/// </summary>
internal static class TokenizerExport
{
    private const string OnlyMetadata = "the tokenizer is in metadata.gguf alone";

    public static ExportedTokenizer Of(GgufFile file)
    {
        string? kind = Text(file, "tokenizer.ggml.model");
        string[]? tokens = file.Metadata.GetValueOrDefault("tokenizer.ggml.tokens")?.AsArray()?.AsTexts();
        int[]? types = file.Metadata.GetValueOrDefault("tokenizer.ggml.token_type")?.AsArray()?.Elements as int[];
        if (kind is null or "none" || tokens is null) return new ExportedTokenizer([], "the file has no tokenizer");
        if (types is null || types.Length != tokens.Length) return new ExportedTokenizer([], $"{OnlyMetadata}: it gives its tokens no types");
        ExportedTokenizer exported = kind switch
        {
            "gpt2" => BytePairs(file, tokens, types),
            "bert" => WordPieces(file, tokens, types),
            "llama" or "t5" => SentencePieces(file, tokens, types, kind == "llama"),
            _ => new ExportedTokenizer([], $"{OnlyMetadata}: no file of Hugging Face's holds the kind '{kind}'"),
        };
        return exported.Files.Count == 0 || ComesBack(file, exported, tokens.Length) ? exported
            : new ExportedTokenizer([], $"{OnlyMetadata}: as {exported.Note} it would not come back the same");
    }

    // Read again by the importer: every list must be equal.
    private static bool ComesBack(GgufFile file, ExportedTokenizer exported, int count)
    {
        byte[] content = exported.Files[0].Content;
        IEnumerable<KeyValuePair<string, GgufValue>> read;
        try
        {
            if (exported.Files[0].Name == TokenizerFiles.ModelName) read = SentencePieceImport.Tokens(SentencePieceModel.Parse(content, TokenizerFiles.ModelName), count);
            else
            {
                using JsonDocument document = BoundedJson.Parse(content, TokenizerFiles.JsonName);
                JsonElement root = document.RootElement;
                read = TokenizerFiles.Text(root.GetProperty("model"), "type") == "BPE" ? [.. BytePairImport.Metadata(root, count, TokenizerFiles.JsonName)] : [.. WordPieceImport.Metadata(root, count, 1, TokenizerFiles.JsonName)];
            }
        }
        catch (EdgeBenchException)
        {
            return false;
        }
        return read.Where(entry => entry.Value.AsArray() is not null).All(entry => file.Metadata.GetValueOrDefault(entry.Key)?.AsArray() is { } stored && Same(stored.Elements, entry.Value.AsArray()!.Elements));
    }

    private static bool Same(Array one, Array other) => (one, other) switch
    {
        (string[] a, string[] b) => a.AsSpan().SequenceEqual(b),
        (int[] a, int[] b) => a.AsSpan().SequenceEqual(b),
        (float[] a, float[] b) => a.AsSpan().SequenceEqual(b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        _ => false,
    };

    private static ExportedTokenizer BytePairs(GgufFile file, string[] tokens, int[] types)
    {
        string pre = Text(file, "tokenizer.ggml.pre") ?? "default";
        if (PreTokenizerKind.Find(pre) is not { } kind || file.Metadata.GetValueOrDefault("tokenizer.ggml.merges")?.AsArray()?.AsTexts() is not { } merges)
            return new ExportedTokenizer([], $"{OnlyMetadata}: the rules of the pre-tokenizer '{pre}' are not known here");
        if (tokens.Distinct(StringComparer.Ordinal).Count() != tokens.Length) return new ExportedTokenizer([], $"{OnlyMetadata}: two tokens have the same text");
        JsonObject tokenizer = TokenizerJson.BytePairs(kind, tokens, types, merges, TokenizerJson.Template(file, tokens));
        return new ExportedTokenizer([(TokenizerFiles.JsonName, FolderJson.Bytes(tokenizer)), TokenizerConfig(file, tokens, "PreTrainedTokenizerFast", SpaceBefore(file))], "tokenizer.json (byte-level BPE)");
    }

    // '▁word' and 'part' become 'word' and '##part'; a piece that would change on the way back keeps the tokenizer out.
    private static ExportedTokenizer WordPieces(GgufFile file, string[] tokens, int[] types)
    {
        string[] texts = [.. tokens.Select((text, id) => types[id] == TokenTypes.Normal ? text.StartsWith('\u2581') ? text[1..] : $"##{text}" : text)];
        bool exact = Enumerable.Range(0, tokens.Length).All(id => types[id] is TokenTypes.Control or TokenTypes.Unused
            || (types[id] == TokenTypes.Normal && texts[id] is { Length: > 0 } text && (tokens[id].StartsWith('\u2581') != text.StartsWith("##", StringComparison.Ordinal))));
        if (!exact || texts.Distinct(StringComparer.Ordinal).Count() != texts.Length) return new ExportedTokenizer([], $"{OnlyMetadata}: its pieces have no exact form in tokenizer.json");
        bool lowercase = file.Metadata.GetValueOrDefault("tokenizer.ggml.normalizer.lowercase")?.AsBoolean() ?? true;
        bool accents = file.Metadata.GetValueOrDefault("tokenizer.ggml.normalizer.strip_accents")?.AsBoolean() ?? true;
        JsonObject model = new()
        {
            ["type"] = "WordPiece",
            ["unk_token"] = TokenizerJson.Special(file, tokens, "unknown") ?? "[UNK]",
            ["continuing_subword_prefix"] = "##",
            ["max_input_chars_per_word"] = 100,
            ["vocab"] = TokenizerJson.Vocab(texts, types),
        };
        JsonObject normaliser = new() { ["type"] = "BertNormalizer", ["clean_text"] = true, ["handle_chinese_chars"] = true, ["strip_accents"] = accents, ["lowercase"] = lowercase };
        JsonObject tokenizer = TokenizerJson.Document(texts, types, normaliser, new JsonObject { ["type"] = "BertPreTokenizer" }, TokenizerJson.Template(TokenizerJson.Special(file, tokens, "bos") ?? "[CLS]", TokenizerJson.Special(file, tokens, "seperator") ?? "[SEP]", tokens),
            new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = true }, model);
        return new ExportedTokenizer([(TokenizerFiles.JsonName, FolderJson.Bytes(tokenizer)), TokenizerConfig(file, tokens, "BertTokenizer", new() { ["do_lower_case"] = lowercase })], "tokenizer.json (WordPiece)");
    }

    private static ExportedTokenizer SentencePieces(GgufFile file, string[] tokens, int[] types, bool pairs)
    {
        if (file.Metadata.GetValueOrDefault("tokenizer.ggml.scores")?.AsArray()?.Elements is not float[] scores || scores.Length != tokens.Length || tokens.Any(text => text.Length == 0)
            || types.Any(type => type is < TokenTypes.Normal or > TokenTypes.Byte) || scores.Any(score => !float.IsFinite(score)))
            return new ExportedTokenizer([], $"{OnlyMetadata}: its pieces have no exact form in tokenizer.model");
        bool space = file.Metadata.GetValueOrDefault("tokenizer.ggml.add_space_prefix")?.AsBoolean() ?? true;
        SentencePieceModel model = new()
        {
            Vocabulary = [.. tokens.Select((text, id) => new SentencePiece(text, scores[id], types[id]))],
            Kind = pairs ? SentencePieceModel.BytePairs : SentencePieceModel.Unigram,
            AddDummyPrefix = space,
            RemoveExtraWhitespaces = !pairs && (file.Metadata.GetValueOrDefault("tokenizer.ggml.remove_extra_whitespaces")?.AsBoolean() ?? false),
            NormalisationMap = pairs ? [] : file.Metadata.GetValueOrDefault("tokenizer.ggml.precompiled_charsmap")?.AsArray()?.Elements as byte[] ?? [],
        };
        JsonObject further = SpaceBefore(file);
        further["legacy"] = true;
        return new ExportedTokenizer([(TokenizerFiles.ModelName, model.ToBytes()), TokenizerConfig(file, tokens, pairs ? "LlamaTokenizer" : "T5Tokenizer", further)],
            $"tokenizer.model (SentencePiece {(pairs ? "BPE" : "unigram")})");
    }

    private static JsonObject SpaceBefore(GgufFile file) => file.Metadata.GetValueOrDefault("tokenizer.ggml.add_space_prefix")?.AsBoolean() is { } space ? new() { ["add_prefix_space"] = space } : [];

    private static (string, byte[]) TokenizerConfig(GgufFile file, string[] tokens, string className, JsonObject further)
    {
        JsonObject config = [];
        foreach ((string key, string name) in new[] { ("bos", "bos_token"), ("eos", "eos_token"), ("unknown", "unk_token"), ("seperator", "sep_token"), ("padding", "pad_token"), ("mask", "mask_token") })
        {
            if (TokenizerJson.Special(file, tokens, key) is { } text) config[name] = text;
        }
        foreach (string key in new[] { "bos", "eos" })
        {
            if (file.Metadata.GetValueOrDefault($"tokenizer.ggml.add_{key}_token")?.AsBoolean() is { } add) config[$"add_{key}_token"] = add;
        }
        foreach ((string key, JsonNode? value) in further) config[key] = value?.DeepClone();
        if (Text(file, "tokenizer.chat_template") is { } template) config["chat_template"] = template;
        config["tokenizer_class"] = className;
        return (TokenizerFiles.ConfigName, FolderJson.Bytes(config));
    }

    private static string? Text(GgufFile file, string key) => file.Metadata.GetValueOrDefault(key)?.AsText();
}
