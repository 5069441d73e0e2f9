using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Folders.Tokenizers;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Tests.Folders;

public class TokenizerImportTests
{
    private const string Level = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";
    private const string Bare = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}""";

    // Expressions as the makers' tokenizer.json files have them: llama.cpp quotes them in src/llama-vocab.cpp as "original regex from tokenizer.json".
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Tekken = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Gpt4O = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public static TheoryData<string, string, bool, string?> Kinds => new()
    {
        { "gpt-2", Level, false, null },
        { "smollm", Sequence("""{"type":"Digits","individual_digits":true}""", Level), false, null },
        { "llama-bpe", Sequence(Split(Llama3), Bare), true, null },
        { "dbrx", Sequence(Split(Llama3), Bare), false, null },
        { "qwen2", Sequence(Split(Qwen2), Bare), false, "NFC" },
        { "gpt-4o", Sequence(Split(Gpt4O), Bare), false, null },
        { "tekken", Sequence(Split(Tekken), Bare), true, null },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_kind_of_a_byte_level_tokenizer_is_known_by_its_rules(string kind, string pre, bool ignoreMerges, string? normaliser)
    {
        Dictionary<string, GgufValue> metadata = Import(Document(pre, ignoreMerges, normaliser), declared: 7);
        Assert.Equal(kind, metadata["tokenizer.ggml.pre"].AsText());
        Assert.Equal("gpt2", metadata["tokenizer.ggml.model"].AsText());
        Assert.Equal(["<|end|>", "a", "b", "ab", "<tool>", "[PAD5]", "[PAD6]"], metadata["tokenizer.ggml.tokens"].AsArray()!.AsTexts()!);
        Assert.Equal([3, 1, 1, 1, 4, 5, 5], (int[])metadata["tokenizer.ggml.token_type"].AsArray()!.Elements);
        Assert.Equal(["a b", "\u0120 a"], metadata["tokenizer.ggml.merges"].AsArray()!.AsTexts()!);
    }

    [Theory]
    [InlineData("""{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}""", false, null, "'ByteLevel prefix regex'")]
    [InlineData(Level, true, null, "ignoring merges")]
    [InlineData(Level, false, "NFKC", "'NFKC'")]
    [InlineData("""{"type":"Whitespace"}""", false, null, "Whitespace")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"x+"},"behavior":"Isolated","invert":false}""", false, null, "x+")]
    [InlineData("null", false, null, "pre-tokenizer ''")]
    public void Rules_that_no_known_kind_has_are_refused_and_never_guessed(string pre, bool ignoreMerges, string? normaliser, string word)
    {
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => Import(Document(pre, ignoreMerges, normaliser), null));
        Assert.Contains("a tokenizer that cannot be reproduced", error.Message);
        Assert.Contains(word, error.Message);
        Assert.Contains("smollm", error.Message);
    }

    [Theory]
    [InlineData("\"byte_fallback\":true,", "tokenizer.model")]
    [InlineData("\"end_of_word_suffix\":\"</w>\",", "'</w>'")]
    public void BPE_of_other_makes_is_refused(string option, string word) =>
        Assert.Contains(word, Assert.Throws<EdgeBenchException>(() => Import(Document(Level, false, null).Replace("\"type\":\"BPE\",", "\"type\":\"BPE\"," + option), null)).Message);

    [Theory]
    [InlineData("\"ab\":3", "\"ab\":1", "id 1 is 'a' and 'ab'")]
    [InlineData("\"ab\":3", "\"ab\":-3", "'ab' has the id '-3'")]
    [InlineData("\"ab\":3", "\"ab\":2000000000", "ids up to 2000000000")]
    [InlineData("\"a b\"", "7", "merge 0")]
    public void A_vocabulary_that_lies_is_refused(string valid, string lie, string word) =>
        Assert.Contains(word, Assert.Throws<EdgeBenchException>(() => Import(Document(Level, false, null).Replace(valid, lie), null)).Message);

    [Fact]
    public void More_tokens_than_config_json_says_are_refused() =>
        Assert.Contains("ids up to 4 with a vocabulary of 3", Assert.Throws<EdgeBenchException>(() => Import(Document(Level, false, null), 3)).Message);

    [Fact]
    public void SentencePiece_models_come_back_with_every_field()
    {
        SentencePieceModel model = new()
        {
            Vocabulary = [new("<unk>", 0, 2), new("<s>", 0, 3), new("\u2581the", -1.25f, 1), new("<0x0A>", 0, 6), new("naïve", -3, 4)],
            Kind = SentencePieceModel.Unigram,
            NormalisationMap = [1, 2, 3],
            AddDummyPrefix = false,
            RemoveExtraWhitespaces = true,
        };
        SentencePieceModel back = SentencePieceModel.Parse(model.ToBytes(), "m");
        Assert.Equal(model.Vocabulary, back.Vocabulary);
        Assert.Equal(model.NormalisationMap, back.NormalisationMap);
        Assert.Equal((model.Kind, model.AddDummyPrefix, model.RemoveExtraWhitespaces, model.EscapeWhitespaces), (back.Kind, back.AddDummyPrefix, back.RemoveExtraWhitespaces, back.EscapeWhitespaces));
    }

    [Fact]
    public void A_unigram_tokenizer_json_becomes_GGUFs_kind_t5()
    {
        Dictionary<string, GgufValue> metadata = Import("""
            {"normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled","precompiled_charsmap":"AQIDBA=="},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]},
             "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},"added_tokens":[{"id":0,"content":"<s>","special":true}],
             "model":{"type":"Unigram","unk_id":1,"vocab":[["<s>",0.0],["<unk>",0.0],["▁a",-2.5]]}}
            """, null);
        Assert.Equal("t5", metadata["tokenizer.ggml.model"].AsText());
        Assert.Equal([3, 2, 1], (int[])metadata["tokenizer.ggml.token_type"].AsArray()!.Elements);
        Assert.Equal([0f, 0f, -2.5f], (float[])metadata["tokenizer.ggml.scores"].AsArray()!.Elements);
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, (byte[])metadata["tokenizer.ggml.precompiled_charsmap"].AsArray()!.Elements);
        Assert.True(metadata["tokenizer.ggml.remove_extra_whitespaces"].AsBoolean());
    }

    private static string Document(string pre, bool ignoreMerges, string? normaliser) => $$"""
        {"added_tokens":[{"id":0,"content":"<|end|>","special":false},{"id":4,"content":"<tool>","special":false}],
         "normalizer":{{(normaliser is null ? "null" : $$"""{"type":"{{normaliser}}"}""")}},"pre_tokenizer":{{pre}},
         "model":{"type":"BPE","ignore_merges":{{(ignoreMerges ? "true" : "false")}},"vocab":{"<|end|>":0,"a":1,"b":2,"ab":3},"merges":["a b",[" ","a"]]} }
        """;

    private static string Sequence(params string[] steps) => $$"""{"type":"Sequence","pretokenizers":[{{string.Join(',', steps)}}]}""";

    private static string Split(string regex) => $$"""{"type":"Split","pattern":{"Regex":{{JsonSerializer.Serialize(regex)}} },"behavior":"Isolated","invert":false}""";

    private static Dictionary<string, GgufValue> Import(string json, int? declared)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return TokenizerImport.FromJson(document.RootElement, declared, 2, "tokenizer.json").ToDictionary(entry => entry.Key, entry => entry.Value);
    }
}
