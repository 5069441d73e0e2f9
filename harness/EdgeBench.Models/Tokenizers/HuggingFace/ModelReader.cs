using EdgeBench.Models.Tokenizers.Merging;
using EdgeBench.Models.Tokenizers.Unigram;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>The <c>model</c> of tokenizer.json.</summary>
internal static class ModelReader
{
    // Beyond any published vocabulary: ids index arrays.
    private const int MostTokens = 1 << 24;

    public static (ITextEncoder Encoder, TokenVocabulary Vocabulary, string Kind) Read(JsonPart part)
    {
        // Old files leave the type out where it is BPE.
        string type = part["type"].Text() ?? (part["merges"].IsNull ? "none" : "BPE");
        return type switch
        {
            "BPE" => BytePair(part),
            "Unigram" => Unigram(part),
            "WordPiece" => WordPiece(part),
            _ => throw part.Refused($"model '{type}' is not reproduced", "one of BPE, Unigram, WordPiece"),
        };
    }

    private static (ITextEncoder, TokenVocabulary, string) BytePair(JsonPart part)
    {
        TokenVocabulary vocabulary = Vocabulary(part["vocab"]);
        RefuseText(part["continuing_subword_prefix"]);
        RefuseText(part["end_of_word_suffix"]);
        if (!part["dropout"].IsNull && part["dropout"].Number() != 0) throw part["dropout"].Refused("merges dropped at random are not reproduced", "no dropout");
        List<(string, string)> merges = [];
        foreach (JsonPart merge in part["merges"].Items()) merges.Add(Merge(merge, vocabulary));
        WordPairEncoder encoder = new(new MergeTable(vocabulary, merges, lastWins: true), Token(part["unk_token"], vocabulary),
            part["fuse_unk"].Flag(false), part["byte_fallback"].Flag(false), part["ignore_merges"].Flag(false));
        return (encoder, vocabulary, "BPE");
    }

    private static (string, string) Merge(JsonPart part, TokenVocabulary vocabulary)
    {
        string[] sides = part.Element.ValueKind == System.Text.Json.JsonValueKind.Array
            ? [.. part.Items().Select(side => side.Text() ?? "")] : (part.Text() ?? "").Split(' ');
        if (sides.Length != 2 || sides.Any(side => vocabulary.Find(side) < 0) || vocabulary.Find(sides[0] + sides[1]) < 0)
            throw part.Refused("a merge that is not of two tokens to a third", "two tokens whose texts together are a token", "Fetch the file again.");
        return (sides[0], sides[1]);
    }

    private static (ITextEncoder, TokenVocabulary, string) Unigram(JsonPart part)
    {
        List<string> texts = [];
        List<double> scores = [];
        foreach (JsonPart entry in part["vocab"].Items())
        {
            JsonPart[] pair = [.. entry.Items()];
            if (pair.Length != 2 || pair[0].Text() is not { } text || texts.Count == MostTokens) throw entry.Refused("no token with its score", "[token, score]", "Fetch the file again.");
            texts.Add(text);
            scores.Add(pair[1].Number());
        }
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        // Of two with the same text the later counts.
        for (int id = 0; id < texts.Count; id++) ids[texts[id]] = id;
        TokenVocabulary vocabulary = new([.. texts], ids, Kinds(texts.Count), [.. scores]);
        int? unknown = part["unk_id"].Integer();
        if (unknown < 0 || unknown >= texts.Count) throw part["unk_id"].Refused($"{unknown}", $"a token id below {texts.Count}", "Fetch the file again.");
        UnknownSymbol rule = part["byte_fallback"].Flag(false) && Array.TrueForAll(vocabulary.Bytes, id => id >= 0)
            ? UnknownSymbols.Bytes(vocabulary, unknown) : UnknownSymbols.One(unknown);
        return (new UnigramEncoder(vocabulary, null, rule, UnigramEncoder.Lowest(vocabulary) - UnigramEncoder.UnknownPenalty), vocabulary, "Unigram");
    }

    private static (ITextEncoder, TokenVocabulary, string) WordPiece(JsonPart part)
    {
        TokenVocabulary vocabulary = Vocabulary(part["vocab"]);
        int unknown = Token(part["unk_token"], vocabulary) ?? throw part["unk_token"].Refused("no unknown token", "a token of the vocabulary");
        return (new GreedyWordEncoder(vocabulary, unknown, part["continuing_subword_prefix"].Text() ?? "##", part["max_input_chars_per_word"].Integer() ?? 100), vocabulary, "WordPiece");
    }

    /// <summary>A vocabulary of texts by id.</summary>
    public static TokenVocabulary Vocabulary(JsonPart part)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach ((string text, JsonPart id) in part.Entries())
        {
            ids[text] = id.Integer() is >= 0 and < MostTokens and int number ? number : throw id.Refused("no token id", $"a number from 0 to {MostTokens - 1}", "Fetch the file again.");
        }
        // A hole has no text: nothing finds it, and it decodes to nothing.
        int count = ids.Count == 0 ? 0 : ids.Values.Max() + 1;
        if (count > (2L * ids.Count) + 65536) throw part.Refused($"ids up to {count - 1} for {ids.Count} tokens", "ids without such holes", "Fetch the file again.");
        string[] texts = new string[count];
        Array.Fill(texts, "");
        foreach ((string text, int id) in ids) texts[id] = text;
        return new TokenVocabulary(texts, ids, Kinds(count), new double[count]);
    }

    private static TokenKinds[] Kinds(int count)
    {
        TokenKinds[] kinds = new TokenKinds[count];
        Array.Fill(kinds, TokenKinds.Normal);
        return kinds;
    }

    private static int? Token(JsonPart part, TokenVocabulary vocabulary) => part.Text() is not { } text ? null
        : vocabulary.Find(text) is >= 0 and int id ? id : throw part.Refused($"'{text}', which is no token", "a token of the vocabulary", "Fetch the file again.");

    private static void RefuseText(JsonPart part)
    {
        if (part.Text() is { Length: > 0 } text) throw part.Refused($"'{text}' is not reproduced", "none");
    }
}
