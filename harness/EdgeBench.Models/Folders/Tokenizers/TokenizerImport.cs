using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>
/// The tokenizer of a folder as GGUF metadata, from tokenizer.model (SentencePiece), tokenizer.json (byte-level BPE, WordPiece, unigram) or vocab.txt.
/// What GGUF cannot reproduce is refused, never guessed.
/// </summary>
internal static class TokenizerImport
{
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata(ModelFolder folder, ConfigFile config, string architecture)
    {
        using TokenizerFiles files = new(folder);
        int? declared = config.OptionalInt("vocab_size");
        if (declared > Vocabulary.Limit) throw config.Refused("vocab_size", $"{declared}", $"at most {Vocabulary.Limit}");
        List<KeyValuePair<string, GgufValue>> metadata = [.. Tokens(folder, files, config, declared, architecture)];
        string[] tokens = metadata.First(entry => entry.Key == "tokenizer.ggml.tokens").Value.AsArray()!.AsTexts()!;
        foreach (KeyValuePair<string, GgufValue> entry in new SpecialTokens(files, config, text => IdOf(files, tokens, text)).Metadata(tokens.Length))
        {
            metadata.RemoveAll(one => one.Key == entry.Key);
            metadata.Add(entry);
        }
        return metadata;
    }

    /// <summary>The vocabulary of a tokenizer.json, by its kind.</summary>
    /// <param name="declared">Tokens that config.json says, or null for as many as there are.</param>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> FromJson(JsonElement tokenizer, int? declared, int tokenTypes, string path) => KindOf(tokenizer) switch
    {
        "BPE" => [.. BytePairImport.Metadata(tokenizer, declared, path)],
        "WordPiece" => [.. WordPieceImport.Metadata(tokenizer, declared, tokenTypes, path)],
        "Unigram" => [.. UnigramImport.Metadata(tokenizer, declared, path)],
        { } other => throw TokenizerRefusal.Of(path, $"a model of type {FileErrors.Quoted(other)}"),
        null => throw TokenizerRefusal.Of(path, "the file names no model"),
    };

    private static IEnumerable<KeyValuePair<string, GgufValue>> Tokens(ModelFolder folder, TokenizerFiles files, ConfigFile config, int? declared, string architecture)
    {
        if (architecture != "bert" && folder.Find(TokenizerFiles.ModelName) is { } pieces)
            return SentencePieceImport.Metadata(SentencePieceModel.Read(pieces), files, declared, SpaceBefore(files, architecture), pieces);
        if (files.Json is { } json) return [.. FromJson(json, declared, TokenTypeCount(config), files.JsonPath), .. LlamaOnly(files, architecture, declared)];
        return architecture == "bert" && folder.Find(TokenizerFiles.WordsName) is { } words
            ? Words(files, config, declared, words)
            : throw TokenizerRefusal.Of(folder.Path, "no tokenizer.model, tokenizer.json or vocab.txt is in the folder", "one of these files");
    }

    // Source: llama.cpp, conversion/llama.py, set_vocab. 49,152 tokens are those of Granite and SmolLM, whose configuration does not say that no BOS is added.
    private static IEnumerable<KeyValuePair<string, GgufValue>> LlamaOnly(TokenizerFiles files, string architecture, int? declared)
    {
        if (architecture != "llama") yield break;
        if (SpaceBefore(files, architecture) is { } space) yield return new("tokenizer.ggml.add_space_prefix", GgufValue.From(space));
        if (declared == 49_152 && files.Config?.TryGetProperty("add_bos_token", out _) != true) yield return new("tokenizer.ggml.add_bos_token", GgufValue.From(false));
    }

    private static IEnumerable<KeyValuePair<string, GgufValue>> Words(TokenizerFiles files, ConfigFile config, int? declared, string path)
    {
        using MappedFile file = MappedFile.Open(path, "a vocabulary");
        if (file.Length > TokenizerFiles.JsonLimit / 4) throw EdgeBenchException.BadInput($"the file has {file.Length} bytes", $"at most {TokenizerFiles.JsonLimit / 4}", "Fetch it again.", path);
        bool lowercase = files.Config is not { } own || !own.TryGetProperty("do_lower_case", out JsonElement lower) || lower.ValueKind != JsonValueKind.False;
        (IEnumerable<KeyValuePair<string, GgufValue>> metadata, Vocabulary vocabulary) =
            WordPieceImport.Metadata(file.Header((int)file.Length).At(0, (int)file.Length).ToArray(), lowercase, declared, TokenTypeCount(config), path);
        (string Key, string Text)[] special = [("bos", "[CLS]"), ("eos", "[SEP]"), ("unknown", "[UNK]"), ("seperator", "[SEP]"), ("padding", "[PAD]"), ("mask", "[MASK]")];
        return [.. metadata, .. special.Where(one => files.Config is null && vocabulary.IndexOf(one.Text) >= 0)
            .Select(one => KeyValuePair.Create($"tokenizer.ggml.{one.Key}_token_id", GgufValue.From((uint)vocabulary.IndexOf(one.Text))))];
    }

    // Gemma adds no space whatever its files say; otherwise tokenizer_config.json overrules the model.
    private static bool? SpaceBefore(TokenizerFiles files, string architecture)
    {
        if (architecture.StartsWith("gemma", StringComparison.Ordinal)) return false;
        return files.Config is { } config && config.TryGetProperty("add_prefix_space", out JsonElement space) && space.ValueKind is JsonValueKind.True or JsonValueKind.False ? space.GetBoolean() : null;
    }

    // Old files leave the type out.
    private static string? KindOf(JsonElement tokenizer) =>
        tokenizer.ValueKind != JsonValueKind.Object || !tokenizer.TryGetProperty("model", out JsonElement model) || model.ValueKind != JsonValueKind.Object ? null
        : TokenizerFiles.Text(model, "type") ?? (model.TryGetProperty("merges", out _) ? "BPE" : null);

    private static int TokenTypeCount(ConfigFile config) => config.OptionalInt("type_vocab_size") ?? 1;

    private static int? IdOf(TokenizerFiles files, string[] tokens, string text)
    {
        if (files.Json is { } json)
        {
            foreach (AddedToken token in AddedToken.Of(json, files.JsonPath))
            {
                if (token.Text == text) return token.Id;
            }
        }
        int id = Array.IndexOf(tokens, text);
        return id >= 0 ? id : null;
    }
}
