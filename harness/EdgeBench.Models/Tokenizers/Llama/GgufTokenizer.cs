using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers.Merging;
using EdgeBench.Models.Tokenizers.Splitting;
using EdgeBench.Models.Tokenizers.Unigram;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>Builds the tokenizer that a GGUF file's metadata describes.</summary>
internal static class GgufTokenizer
{
    private static readonly string[] s_models = ["gpt2", "llama", "bert", "t5", "gemma4"];

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) that names what is missing, wrong or not reproduced.</summary>
    public static ITokenizer Read(GgufTokenizerMetadata metadata)
    {
        string model = metadata.Text("tokenizer.ggml.model")
            ?? throw metadata.Refused("no 'tokenizer.ggml.model'", "a file with its tokenizer", "Convert the model again, with its tokenizer.");
        if (!s_models.Contains(model))
        {
            throw metadata.Refused($"tokenizer '{model}'", $"one of {string.Join(", ", s_models)}",
                Nearest.Question(model, s_models) ?? "Use a model with one of these.");
        }
        TokenVocabulary vocabulary = Vocabulary(metadata);
        TokenKindRules.Apply(vocabulary, metadata);
        return model switch
        {
            "llama" => SentencePiece(vocabulary, metadata),
            "bert" => WordPiece(vocabulary, metadata),
            "t5" => Unigram(vocabulary, metadata),
            _ => BytePair(vocabulary, metadata, model == "gemma4" ? "gemma4" : metadata.Text("tokenizer.ggml.pre") ?? ""),
        };
    }

    private static LlamaTokenizer SentencePiece(TokenVocabulary vocabulary, GgufTokenizerMetadata metadata)
    {
        bool prefix = metadata.Flag("add_space_prefix") ?? true;
        int? unknown = Special(metadata, "unknown_token_id", vocabulary, 0), eos = Special(metadata, "eos_token_id", vocabulary, 2);
        return new LlamaTokenizer(vocabulary, new ScoredPairEncoder(vocabulary, UnknownSymbols.Bytes(vocabulary, unknown)), new LlamaTokenizerOptions
        {
            Kind = "SentencePiece BPE",
            Bos = Special(metadata, "bos_token_id", vocabulary, 1),
            Eos = eos,
            Last = eos,
            AddBos = metadata.Flag("add_bos_token") ?? true,
            AddLast = metadata.Flag("add_eos_token") ?? false,
            SpacePrefix = prefix,
            EscapeSpaces = true,
            Pieces = new PieceDecoder(vocabulary, byteLevel: false, dropsFirstSpace: prefix),
        });
    }

    private static LlamaTokenizer BytePair(TokenVocabulary vocabulary, GgufTokenizerMetadata metadata, string name)
    {
        PreTokenizer pre = PreTokenizers.All.FirstOrDefault(known => known.Names.Contains(name))
            ?? throw metadata.Refused($"pre-tokenizer '{name}'", $"one of {string.Join(", ", PreTokenizers.Names)}",
                Nearest.Question(name, PreTokenizers.Names) ?? "Use a model with one of these.");
        MergeTable merges = new(vocabulary, [.. metadata.Texts("merges").Select(Pair)], lastWins: false);
        BytePairOptions how = new() { ByteLevel = !pre.CodePoints, IgnoreMerges = pre.IgnoreMerges, WholeNewlines = pre.WholeNewlines };
        UnknownSymbol unknown = pre.CodePoints ? UnknownSymbols.Bytes(vocabulary, null) : UnknownSymbols.AsciiLetters(vocabulary);
        int? none = name is "gemma4" ? null : 11;
        int? eos = Special(metadata, "eos_token_id", vocabulary, none);
        return new LlamaTokenizer(vocabulary, new BytePairEncoder(merges, new SplitChain(pre.Splitters()), how, unknown), new LlamaTokenizerOptions
        {
            Kind = pre.CodePoints ? $"BPE on code points ({name})" : $"byte-level BPE ({(name.Length > 0 ? name : "default")})",
            Bos = Special(metadata, "bos_token_id", vocabulary, pre.NoBos ? null : none),
            Eos = eos,
            Last = eos,
            AddBos = pre.AlwaysAddBos || (metadata.Flag("add_bos_token") ?? pre.AddBos),
            AddLast = metadata.Flag("add_eos_token") ?? false,
            EscapeSpaces = pre.CodePoints,
            SpacePrefix = false,
            Pieces = new PieceDecoder(vocabulary, byteLevel: !pre.CodePoints, dropsFirstSpace: false),
        });
    }

    private static LlamaTokenizer WordPiece(TokenVocabulary vocabulary, GgufTokenizerMetadata metadata)
    {
        int? separator = Special(metadata, "seperator_token_id", vocabulary, 102);
        bool lowercase = metadata.Flag("normalizer.lowercase") ?? true;
        WordPieceEncoder encoder = new(vocabulary, Special(metadata, "unknown_token_id", vocabulary, 100), lowercase,
            metadata.Flag("normalizer.strip_accents") ?? lowercase);
        return new LlamaTokenizer(vocabulary, encoder, new LlamaTokenizerOptions
        {
            Kind = "WordPiece",
            Bos = Special(metadata, "bos_token_id", vocabulary, 101),
            Eos = Special(metadata, "eos_token_id", vocabulary, null),
            Last = separator,
            AddBos = true,
            AddLast = true,
            Pieces = new PieceDecoder(vocabulary, byteLevel: false, dropsFirstSpace: true),
        });
    }

    private static LlamaTokenizer Unigram(TokenVocabulary vocabulary, GgufTokenizerMetadata metadata)
    {
        bool prefix = metadata.Flag("add_space_prefix") ?? false, merged = metadata.Flag("remove_extra_whitespaces") ?? false;
        int? eos = Special(metadata, "eos_token_id", vocabulary, 1);
        CharacterMap? map = metadata.Bytes("precompiled_charsmap") is { } bytes
            ? CharacterMap.Read(bytes) ?? throw metadata.Wrong("precompiled_charsmap", "a double array and its replacements") : null;
        // llama.cpp takes this difference in 32 bits.
        double unknownScore = (float)UnigramEncoder.Lowest(vocabulary) - (float)UnigramEncoder.UnknownPenalty;
        UnigramEncoder encoder = new(vocabulary, new UnigramNormalizer(vocabulary, map, prefix, merged),
            UnknownSymbols.One(Special(metadata, "unknown_token_id", vocabulary, 2)), unknownScore);
        return new LlamaTokenizer(vocabulary, encoder, new LlamaTokenizerOptions
        {
            Kind = "SentencePiece unigram",
            Bos = Special(metadata, "bos_token_id", vocabulary, null),
            Eos = eos,
            Last = eos,
            AddBos = metadata.Flag("add_bos_token") ?? false,
            AddLast = metadata.Flag("add_eos_token") ?? true,
            Pieces = new PieceDecoder(vocabulary, byteLevel: false, dropsFirstSpace: prefix || merged),
        });
    }

    private static int? Special(GgufTokenizerMetadata metadata, string name, TokenVocabulary vocabulary, int? otherwise) =>
        metadata.Token(name, vocabulary.Count) ?? (otherwise < vocabulary.Count ? otherwise : null);

    // The first space after the first letter parts the two: the left may begin with one.
    private static (string Left, string Right) Pair(string merge)
    {
        int space = merge.Length > 1 ? merge.IndexOf(' ', 1) : -1;
        return space < 0 ? ("", "") : (merge[..space], merge[(space + 1)..]);
    }

    private static TokenVocabulary Vocabulary(GgufTokenizerMetadata metadata)
    {
        string[] texts = [.. metadata.Texts("tokens").Select((text, id) => text.Length > 0 ? text : $"[EMPTY_{id}]")];
        if (texts.Length == 0) throw metadata.Refused("a vocabulary without tokens", "at least one token", "Convert the model again, with its tokenizer.");
        Dictionary<string, int> ids = new(texts.Length, StringComparer.Ordinal);
        for (int id = 0; id < texts.Length; id++)
        {
            if (!ids.TryAdd(texts[id], id))
            {
                throw metadata.Refused($"tokens {ids[texts[id]]} and {id} have the same text {Models.Gguf.GgufErrors.Quoted(texts[id])}", "each text once",
                    "Convert the model again.");
            }
        }
        int[]? types = metadata.Types(texts.Length);
        return new TokenVocabulary(texts, ids, [.. texts.Select((_, id) => types is null ? TokenKinds.Normal : Kind(types[id]))],
            metadata.Scores(texts.Length) ?? new double[texts.Length]);
    }

    // llama.cpp, enum llama_token_type.
    private static TokenKinds Kind(int type) => type switch
    {
        1 => TokenKinds.Normal,
        2 => TokenKinds.Unknown,
        3 => TokenKinds.Control,
        4 => TokenKinds.UserDefined,
        5 => TokenKinds.Unused,
        6 => TokenKinds.Byte,
        _ => TokenKinds.None,
    };
}
