namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>
/// What llama.cpp (v0.5.0, <c>llama_vocab::impl::load</c>) makes of token types that a file has wrong or cannot say: some texts are always
/// control tokens, some families' tokens take the white space beside them.
/// </summary>
internal static class TokenKindRules
{
    private static readonly string[] s_ends =
    [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "</s>", "<|eom_id|>",
        "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
    ];

    // Keys of the metadata that name tokens which end a turn or a message; infill's padding and separators end a generation too.
    private static readonly string[] s_ending = ["eot_token_id", "eom_token_id"], s_infillEnds = ["fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id"];

    private static readonly string[] s_alwaysShown = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"];

    // Key of the metadata that names the token; without it, the first of these texts is the token, and a control token.
    private static readonly (string[] Keys, string[] Texts)[] s_infill =
    [
        (["fim_pre_token_id", "prefix_token_id"],
            ["<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>", "<|prefix|>"]),
        (["fim_suf_token_id", "suffix_token_id"],
            ["<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>", "<|suffix|>"]),
        (["fim_mid_token_id", "middle_token_id"],
            ["<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>", "<|middle|>"]),
        (["fim_pad_token_id"], ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"]),
        (["fim_rep_token_id"], ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]),
        (["fim_sep_token_id"], ["<|file_sep|>"]),
    ];

    public static void Apply(TokenVocabulary vocabulary, GgufTokenizerMetadata metadata)
    {
        foreach ((string[] keys, string[] texts) in s_infill)
        {
            bool ends = s_infillEnds.Contains(keys[0]);
            if (keys.Select(key => metadata.Token(key, vocabulary.Count)).FirstOrDefault(id => id is not null) is { } named)
            {
                if (ends) vocabulary.Ends.Add(named);
                continue;
            }
            int first = texts.Select(text => vocabulary.Find(text)).Where(id => id >= 0).DefaultIfEmpty(-1).Min();
            if (first < 0) continue;
            vocabulary.Kinds[first] |= TokenKinds.Control;
            if (ends) vocabulary.Ends.Add(first);
        }
        Mark(vocabulary, s_ends, kinds => kinds | TokenKinds.Control);
        Mark(vocabulary, s_alwaysShown, _ => TokenKinds.UserDefined);
        Exceptions(vocabulary);
        foreach (string key in s_ending)
        {
            if (metadata.Token(key, vocabulary.Count) is { } id) vocabulary.Ends.Add(id);
        }
        foreach (string text in s_ends)
        {
            if (vocabulary.Find(text) is >= 0 and int id && (vocabulary.Kinds[id] & TokenKinds.Control) != 0) vocabulary.Ends.Add(id);
        }
        Stripping(vocabulary, metadata);
    }

    // Harmony's and Solar's <|end|> ends no generation; Gemma 4's </s> is ordinary.
    private static void Exceptions(TokenVocabulary vocabulary)
    {
        bool Has(string text) => vocabulary.Find(text) >= 0;
        bool calls = Has("<|call|>") || Has("<|calls|>");
        if (Has("<|end|>") && calls && (Has("<|return|>") || Has("<|flush|>"))) Mark(vocabulary, ["<|end|>"], _ => TokenKinds.UserDefined);
        if (Has("<|tool_response>")) Mark(vocabulary, ["</s>"], _ => TokenKinds.Normal);
    }

    private static void Stripping(TokenVocabulary vocabulary, GgufTokenizerMetadata metadata)
    {
        string pre = metadata.Text("tokenizer.ggml.pre") ?? "", architecture = metadata.Text("general.architecture") ?? "";
        string name = (metadata.Text("general.name") ?? "").ToLowerInvariant();
        if (new[] { "jina-v2-de", "jina-v2-es", "jina-v2-code" }.Any(pre.Contains) || new[] { "nomic-bert-moe", "jina-bert-v3" }.Any(architecture.Contains))
        {
            Mark(vocabulary, ["<mask>"], kinds => kinds | TokenKinds.LeftStrip);
        }
        else if (name.Contains("phi-3") || name.Contains("phi3"))
        {
            for (int id = 0; id < vocabulary.Count; id++)
            {
                if ((vocabulary.Kinds[id] & (TokenKinds.Control | TokenKinds.UserDefined | TokenKinds.Unknown)) != 0) vocabulary.Kinds[id] |= TokenKinds.RightStrip;
            }
            Mark(vocabulary, ["</s>"], kinds => kinds | TokenKinds.RightStrip);
            Mark(vocabulary, ["<unk>", "<s>", "<|endoftext|>"], kinds => kinds & ~TokenKinds.RightStrip);
        }
        else if (name.Contains("modern-bert"))
        {
            Mark(vocabulary, ["[MASK]"], kinds => kinds | TokenKinds.LeftStrip);
        }
    }

    private static void Mark(TokenVocabulary vocabulary, string[] texts, Func<TokenKinds, TokenKinds> change)
    {
        foreach (string text in texts)
        {
            if (vocabulary.Find(text) is >= 0 and int id) vocabulary.Kinds[id] = change(vocabulary.Kinds[id]);
        }
    }
}
