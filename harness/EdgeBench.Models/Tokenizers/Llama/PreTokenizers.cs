using EdgeBench.Models.Tokenizers.Splitting;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>
/// Every value of <c>tokenizer.ggml.pre</c> that is reproduced, with llama.cpp's patterns (v0.5.0, <c>llm_tokenizer_bpe</c>) for
/// <see cref="ProjectedText"/>: where its regular expressions take a category of letters for all letters, so do these.
/// </summary>
internal static class PreTokenizers
{
    private const string Contractions = "'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]";
    private const string Punctuation = @"| ?[^\s\p{L}\p{N}]+[\r\n]*";
    private const string Spaces = @"|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";
    private const string Words = Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Llama3 = Words + @"|\p{N}{1,3}" + Punctuation + Spaces;
    private const string Qwen2 = Words + @"|\p{N}" + Punctuation + Spaces;
    private const string Cased = @"[^\r\n\p{L}\p{N}]?(?:(?=\p{L})[^a-z])*(?:(?=\p{L})[^A-Z])+{0}|[^\r\n\p{L}\p{N}]?(?:(?=\p{L})[^a-z])+(?:(?=\p{L})[^A-Z])*{0}";
    private const string SlashedPunctuation = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*";
    private const string MarkedWords = @"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]*[\p{L}\p{M}]+(?:" + Contractions + ")?";
    private const string Bloom = @" ?[^(\s|.,!?…。，、।۔،)]+";
    private const string CjkAndKana = "[一-龥぀-ゟ゠-ヿ]+";

    // llama.cpp puts U+000B for white space beyond ASCII before it matches a pattern without categories, so that ranges which hold such white space
    // (U+2003 in the first, U+3000 in both) do not match it. The families' own tokenizers do match it; the ids here are those of llama.cpp.
    private const string CjkFromSamaritan = @"[一-龥ࠀ-一가-퟿-[\s]]+";
    private const string WidePunctuation = @"\s?[!-/:-~！-／：-～‘-‟　-。-[\s]]+";

    private const string DeepSeekWords = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+";
    private const string DeepSeek3 = DeepSeekWords + @"| ?[\p{P}\p{S}]+[\r\n]*" + Spaces;
    private const string Lines = @"[^\n]+|\n+";

    // DeepSeek's list of cased letters as of an old Unicode; those beyond U+FFFF stand as U+A640 and U+A641, which it holds too.
    private const string DeepSeekLetters =
        "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293\u0295-\u02AF\u0370-\u0373\u0376\u0377\u037B-\u037D"
        + "\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5\u13F8-"
        + "\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-"
        + "\u1F57\u1F59\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-"
        + "\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134\u2139"
        + "\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D\uA680-\uA69B\uA722-"
        + "\uA76F\uA771-\uA787\uA78B-\uA78E\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A";

    public static IReadOnlyList<PreTokenizer> All { get; } =
    [
        Of(["default", ""], @"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"),
        Of(["gpt-2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de", "a.x-4.0", "mellum", "modern-bert", "exaone4",
            "jina-v1-en", "jina-v2-code", "roberta-bpe", "mpt", "olmo", "jais", "trillion", "granite-docling"], Gpt2),
        Of(["starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2"], @"\p{N}", Gpt2),
        Of(["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano"], Llama3) with { IgnoreMerges = true, AddBos = true },
        Of(["dbrx", "smaug-bpe"], Llama3),
        Of(["glm4", "chatglm-bpe"], Llama3) with { NoBos = true },
        Of(["qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan", "solar-open", "grok-2"], Qwen2),
        Of(["qwen35"], Contractions + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*" + Spaces),
        Of(["ufakzeka"], @"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + Punctuation + Spaces),
        Of(["seed-coder"], Words + @"|\p{N}| ?[^\s\p{L}\p{N}\r\n]+" + Spaces),
        Of(["bailingmoe", "bailingmoe2", "llada-moe"], "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])" + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + Punctuation + @"|\s*[\r\n]|\s+(?!\S)|\s+"),
        Of(["minicpm5"], @"\p{N}{1,3}", Words + @"|\p{N}+" + Punctuation + Spaces) with { IgnoreMerges = true },
        Of(["laguna"], Lines, Qwen2),
        Of(["exaone-moe"], Contractions + @"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"),
        Of(["jais-2"], Llama3[..^Spaces.Length] + @"|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}"),
        Of(["tekken"], Cased.Replace("{0}", "", StringComparison.Ordinal) + @"|\p{N}" + SlashedPunctuation + Spaces) with { IgnoreMerges = true, AddBos = true },
        Of(["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"], WithContractions(Cased) + @"|\p{N}{1,3}" + SlashedPunctuation + Spaces),
        Of(["granite-embed-multi-97m"],
            WithContractions(Cased.Replace(@"(?=\p{L})", @"(?=[\p{L}\p{M}])", StringComparison.Ordinal)) + @"|\p{N}{1,3}" + SlashedPunctuation + Spaces) with { IgnoreMerges = true },
        new(["tiny_aya", "cohere2moe"], () => [new DigitGroupSplitter(), new RegexSplitter(MarkedWords + @"|\p{N}{1,3}" + SlashedPunctuation + Spaces)]),
        Of(["youtu"], "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + CjkAndKana, MarkedWords + @"|\p{N}" + SlashedPunctuation + Spaces) with { IgnoreMerges = true },
        Of(["falcon"], @"[\p{P}\$\+<=>\^~\|`]+", Gpt2, "[0-9][0-9][0-9]"),
        Of(["bloom", "poro-chat", "gpt3-finnish"], Bloom),
        Of(["viking"], Bloom, @"\p{N}"),
        Of(["deepseek-coder"], "[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", CjkFromSamaritan, @"\p{N}"),
        // A run of spaces that does not end the piece is passed over at its first space, not at each of them.
        Of(["deepseek-llm"], "[\r\n]", $@"\s?[{DeepSeekLetters}]+", WidePunctuation, @"(?<!\s)\s+\z", CjkFromSamaritan, @"\p{N}+"),
        Of(["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"], @"\p{N}{1,3}", CjkAndKana, DeepSeek3),
        Of(["spark2_5"], @"\p{N}{1,3}", CjkAndKana, DeepSeekWords + @"| ?[\p{P}\p{S}]+|[\r\n]|\s+(?!\S)|\s+", @"\p{N}"),
        Of(["gemma4", "granite-embed-multi-311m"], Lines) with { CodePoints = true, WholeNewlines = true, AlwaysAddBos = true },
        Of(["sarvam-moe"], Lines) with { CodePoints = true },
    ];

    public static IEnumerable<string> Names => All.SelectMany(pre => pre.Names).Where(name => name.Length > 0);

    private static string WithContractions(string words) => words.Replace("{0}", $"(?:{Contractions})?", StringComparison.Ordinal);

    private static PreTokenizer Of(string[] names, params string[] patterns) => new(names, () => [.. patterns.Select(pattern => new RegexSplitter(pattern))]);
}
