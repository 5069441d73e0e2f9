using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>
/// <c>tokenizer.model</c> with the tokens that other files add, as GGUF metadata: <c>llama</c> for BPE, <c>t5</c> for unigram. Source: llama.cpp,
/// <c>conversion/base.py</c>, <c>_create_vocab_sentencepiece</c>, and <c>conversion/t5.py</c>.
/// </summary>
internal static class SentencePieceImport
{
    private const float AddedScore = -1000;

    /// <param name="spaceBefore">What the family or tokenizer_config.json says of a space before a text; null takes the model's word.</param>
    public static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(SentencePieceModel model, TokenizerFiles files, int? declared, bool? spaceBefore, string path)
    {
        if (model.Kind is not (SentencePieceModel.BytePairs or SentencePieceModel.Unigram)) throw TokenizerRefusal.Of(path, $"a SentencePiece model of kind {model.Kind}", "BPE (2) or unigram (1)");
        bool pairs = model.Kind == SentencePieceModel.BytePairs;
        if (pairs && (model.NormalisationMap.Length > 0 || model.RemoveExtraWhitespaces || !model.EscapeWhitespaces))
            throw TokenizerRefusal.Of(path, "a SentencePiece BPE model that normalises text or removes spaces, which GGUF's kind 'llama' does not", "the normaliser 'identity'");
        Vocabulary vocabulary = Pieces(model, declared ?? model.Vocabulary.Count);
        Add(files, vocabulary);
        List<KeyValuePair<string, GgufValue>> metadata = [.. vocabulary.Metadata(pairs ? "llama" : "t5", "default", scores: true)];
        if (Enumerable.Range(0, vocabulary.Count).FirstOrDefault(id => vocabulary.Type(id) == TokenTypes.Unknown, -1) is >= 0 and var unknown) metadata.Add(new("tokenizer.ggml.unknown_token_id", GgufValue.From((uint)unknown)));
        bool space = spaceBefore ?? model.AddDummyPrefix;
        if (!pairs || !space || spaceBefore is not null) metadata.Add(new("tokenizer.ggml.add_space_prefix", GgufValue.From(space)));
        if (pairs) return metadata;
        metadata.Add(new("tokenizer.ggml.remove_extra_whitespaces", GgufValue.From(model.RemoveExtraWhitespaces)));
        if (model.NormalisationMap.Length > 0) metadata.Add(new("tokenizer.ggml.precompiled_charsmap", GgufValue.From(new GgufArray(GgufValueType.UInt8, model.NormalisationMap))));
        return metadata;
    }

    /// <summary>The lists of tokens, scores and types of the model alone.</summary>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Tokens(SentencePieceModel model, int count) => [.. Pieces(model, count).Metadata("llama", "default", scores: true)];

    private static Vocabulary Pieces(SentencePieceModel model, int count)
    {
        Vocabulary vocabulary = new(count);
        for (int id = 0; id < Math.Min(count, model.Vocabulary.Count); id++)
        {
            SentencePiece piece = model.Vocabulary[id];
            vocabulary.Set(id, piece.Text, piece.Type, piece.Score);
        }
        return vocabulary;
    }

    private static void Add(TokenizerFiles files, Vocabulary vocabulary)
    {
        if (files.Folder.Find("added_tokens.json") is { } path)
        {
            using JsonDocument document = BoundedJson.Read(path, 1 << 20);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw EdgeBenchException.BadInput("the document is no object", "tokens and ids", "Fetch the file again.", path);
            foreach (JsonProperty entry in document.RootElement.EnumerateObject())
            {
                if (entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id) && id >= 0 && id < vocabulary.Count) vocabulary.Set(id, entry.Name, TokenTypes.UserDefined, AddedScore);
            }
        }
        if (files.Config is not { } config) return;
        foreach (AddedToken token in AddedToken.OfConfig(config, Path.Combine(files.Folder.Path, TokenizerFiles.ConfigName)))
        {
            if (token.Id >= vocabulary.Count) continue;
            // Byte and unknown pieces keep their kind where the same text is named again.
            if (vocabulary.Has(token.Id) && vocabulary.Text(token.Id) == token.Text && vocabulary.Type(token.Id) is TokenTypes.Unknown or TokenTypes.Byte) continue;
            (string text, int type) = token.Stored;
            vocabulary.Set(token.Id, text, type, AddedScore);
        }
    }
}
