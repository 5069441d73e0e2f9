using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>Reads the tokenizer of a Hugging Face folder.</summary>
internal static class FolderTokenizer
{
    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) that names file, place and what is not reproduced.</summary>
    public static ITokenizer Read(string folder)
    {
        string json = Path.Combine(folder, "tokenizer.json"), list = Path.Combine(folder, "vocab.txt"), settings = Path.Combine(folder, "tokenizer_config.json");
        JsonPart config = File.Exists(settings) ? JsonPart.Read(settings) : new JsonPart(default, settings, "");
        if (File.Exists(json)) return FromJson(JsonPart.Read(json), config);
        if (File.Exists(list)) return FromList(list, config);
        throw EdgeBenchException.BadInput("no tokenizer", "tokenizer.json, or vocab.txt of a BERT model", "Fetch the model's tokenizer too.", folder);
    }

    public static ITokenizer FromJson(JsonPart root, JsonPart config)
    {
        (ITextEncoder encoder, TokenVocabulary vocabulary, string model) = ModelReader.Read(root["model"]);
        AddedToken[] added = [.. root["added_tokens"].Items().Select(AddedToken.Read)];
        if (added.GroupBy(token => token.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw root["added_tokens"].Refused($"id {twice.Key} twice", "each id once", "Fetch the file again.");
        if (added.FirstOrDefault(token => token.Id > vocabulary.Count + added.Length) is { } far)
            throw root["added_tokens"].Refused($"id {far.Id}", $"ids that follow the {vocabulary.Count} tokens of the model", "Fetch the file again.");
        bool byteLevel = HasType(root["pre_tokenizer"], "ByteLevel");
        return new HuggingFaceTokenizer(new HuggingFaceParts
        {
            Kind = model switch { "BPE" => byteLevel ? "byte-level BPE (tokenizer.json)" : "SentencePiece BPE (tokenizer.json)", "Unigram" => "SentencePiece unigram (tokenizer.json)", _ => "WordPiece (tokenizer.json)" },
            Vocabulary = vocabulary,
            Encoder = encoder,
            Added = added,
            Normalize = NormalizerReader.Read(root["normalizer"]),
            Split = PreTokenizerReader.Read(root["pre_tokenizer"]),
            Around = PostProcessor.Read(root["post_processor"]),
            Decode = DecoderReader.Read(root["decoder"]),
            Eos = Eos(config, vocabulary, added),
        });
    }

    // BERT's original form: one token a line.
    private static HuggingFaceTokenizer FromList(string path, JsonPart config)
    {
        string[] lines = File.ReadAllLines(path);
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int id = 0; id < lines.Length; id++) ids[lines[id]] = id;
        TokenVocabulary vocabulary = new(lines, ids, new TokenKinds[lines.Length], new double[lines.Length]);
        int Special(string text) => ids.TryGetValue(text, out int id) ? id : throw EdgeBenchException.BadInput($"no '{text}'", "a BERT vocabulary with it", "Fetch the file again.", path);
        bool lowercase = config["do_lower_case"].Flag(true);
        string[] specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        return new HuggingFaceTokenizer(new HuggingFaceParts
        {
            Kind = "WordPiece (vocab.txt)",
            Vocabulary = vocabulary,
            Encoder = new GreedyWordEncoder(vocabulary, Special("[UNK]"), "##", 100),
            Added = [.. specials.Where(ids.ContainsKey).Select(text => new AddedToken(ids[text], text, Special: true, SingleWord: false, LeftStrip: false, RightStrip: false, Normalized: false))],
            Normalize = NormalizerReader.Bert(clean: true, config["tokenize_chinese_chars"].Flag(true), config["strip_accents"].Flag(lowercase), lowercase),
            Split = PreTokenizerReader.Bert,
            Around = new PostProcessor([Special("[CLS]")], [Special("[SEP]")]),
            Decode = DecoderReader.WordPiece("##", cleanup: true),
            Eos = Special("[SEP]"),
        });
    }

    private static int? Eos(JsonPart config, TokenVocabulary vocabulary, AddedToken[] added)
    {
        JsonPart given = config["eos_token"];
        string? text = given.Element.ValueKind == System.Text.Json.JsonValueKind.Object ? given["content"].Text() : given.Text();
        if (text is null) return null;
        return Array.Find(added, token => token.Content == text)?.Id ?? (vocabulary.Find(text) is >= 0 and int id ? id : null);
    }

    private static bool HasType(JsonPart part, string type) => !part.IsNull && (part["type"].Text() == type || part["pretokenizers"].Items().Any(inner => HasType(inner, type)));
}
