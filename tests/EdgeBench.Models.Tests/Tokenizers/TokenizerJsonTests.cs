using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Tokenizers;

public class TokenizerJsonTests
{
    private const string ByteLevel = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";

    [Fact]
    public void A_published_bert_folder_gives_the_ids_that_llama_cpp_publishes_for_that_vocabulary()
    {
        // MiniLM and BGE share BERT's uncased vocabulary.
        ITokenizer tokenizer = TokenizerFactory.FromFolder(RepositoryFiles.Shared("models/all-minilm-l6-v2"));
        Compare("bert-bge", tokenizer);
        Assert.Equal([101, 7592, 2088, 102], tokenizer.Encode("Hello world", addSpecial: true, parseSpecial: true));
        Assert.Equal("hello world!", tokenizer.Decode(tokenizer.Encode("Hello world !", addSpecial: true, parseSpecial: false), special: false));
    }

    [Fact]
    public void A_bert_folder_with_a_list_of_tokens_alone_gives_the_same_ids()
    {
        using TemporaryFolder folder = new();
        File.Copy(RepositoryFiles.Shared("models/all-minilm-l6-v2/vocab.txt"), folder.File("vocab.txt"));
        Compare("bert-bge", TokenizerFactory.FromFolder(folder.Path));
    }

    [Theory]
    [InlineData("gpt-2", ByteLevel)]
    [InlineData("starcoder", """{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},""" + ByteLevel + "]}")]
    [InlineData("refact", """{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},""" + ByteLevel + "]}")]
    public void Byte_level_files_give_the_ids_that_llama_cpp_publishes(string vocabulary, string preTokenizer) =>
        Compare(vocabulary, JsonFolder.Read(JsonFolder.BytePair(vocabulary, preTokenizer)));

    [Theory]
    [InlineData("llama-bpe", JsonFolder.Llama3Pattern, true, null)]
    [InlineData("qwen2", JsonFolder.Qwen2Pattern, false, """{"type":"NFC"}""")]
    public void Files_with_a_pattern_of_their_own_give_the_ids_that_llama_cpp_publishes(string vocabulary, string pattern, bool ignoreMerges, string? normalizer)
    {
        string split = $$"""
            {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":{{JsonSerializer.Serialize(pattern)}}},"behavior":"Isolated","invert":false},
            {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}
            """;
        Compare(vocabulary, JsonFolder.Read(JsonFolder.BytePair(vocabulary, split, ignoreMerges, normalizer)));
    }

    [Fact]
    public void A_file_of_llama_2_s_form_gives_the_ids_that_llama_cpp_publishes()
    {
        ITokenizer tokenizer = JsonFolder.Read(JsonFolder.SentencePiece("llama-spm"));
        Compare("llama-spm", tokenizer);
        Assert.Equal("Hello, 🦙!", tokenizer.Decode(tokenizer.Encode("Hello, 🦙!", addSpecial: false, parseSpecial: false), special: false));
    }

    [Theory]
    [InlineData("pre_tokenizer", """{"type":"UnicodeScripts"}""", "UnicodeScripts")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":""}""", "one letter")]
    [InlineData("pre_tokenizer", """{"type":"CharDelimiterSplit","delimiter":"ab"}""", "one letter")]
    [InlineData("decoder", """{"type":"Metaspace","replacement":""}""", "one letter")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"\\p{Han}+"},"behavior":"Isolated"}""", "Han")]
    [InlineData("normalizer", """{"type":"Nmt"}""", "Nmt")]
    [InlineData("post_processor", """{"type":"Odd"}""", "Odd")]
    [InlineData("decoder", """{"type":"CTC"}""", "CTC")]
    [InlineData("model", """{"type":"WordLevel","vocab":{}}""", "WordLevel")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""", "merge")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}""", "random")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[],"end_of_word_suffix":"</w>"}""", "</w>")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":-1},"merges":[]}""", "token id")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a",0.5]],"unk_id":7}""", "7")]
    [InlineData("added_tokens", """[{"id":1999999999,"content":"x"}]""", "1999999999")]
    public void What_is_not_reproduced_or_wrong_is_refused_by_name(string part, string json, string named)
    {
        JsonObject root = JsonNode.Parse("""{"added_tokens":[],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""")!.AsObject();
        root[part] = JsonNode.Parse(json);
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => JsonFolder.Read(root));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Fact]
    public void Added_tokens_keep_their_rules_for_words_and_white_space()
    {
        JsonObject root = JsonNode.Parse("""
            {"added_tokens":[
              {"id":3,"content":"<m>","special":true,"lstrip":true,"rstrip":true,"normalized":false},
              {"id":4,"content":"ab","special":false,"single_word":true,"normalized":false}],
             "model":{"type":"BPE","vocab":{"a":0,"b":1," ":2},"merges":[]}}
            """)!.AsObject();
        ITokenizer tokenizer = JsonFolder.Read(root);
        Assert.Equal([0, 3, 1], tokenizer.Encode("a <m>  b", addSpecial: false, parseSpecial: true));
        // Single word: "ab" within "aab" is letters, alone it is the token.
        Assert.Equal([0, 0, 1, 2, 4], tokenizer.Encode("aab ab", addSpecial: false, parseSpecial: true));
    }

    [Theory]
    [InlineData("", " a 🦙 ")]
    [InlineData("[^a]", "a ")]
    public void Replacements_by_pattern_go_by_code_points(string pattern, string expected)
    {
        JsonObject root = JsonNode.Parse("""{"added_tokens":[],"decoder":{"type":"Fuse"},"model":{"type":"BPE","vocab":{" ":0,"a":1,"🦙":2},"merges":[]}}""")!.AsObject();
        root["normalizer"] = JsonNode.Parse($$$"""{"type":"Replace","pattern":{"Regex":"{{{pattern}}}"},"content":" "}""");
        ITokenizer tokenizer = JsonFolder.Read(root);
        Assert.Equal(expected, tokenizer.Decode(tokenizer.Encode("a🦙", addSpecial: false, parseSpecial: false), special: false));
    }

    [Fact]
    public void Replacements_that_multiply_end_in_a_typed_error_and_not_in_a_full_memory()
    {
        JsonObject root = JsonNode.Parse("""{"added_tokens":[],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""")!.AsObject();
        JsonNode Step() => JsonNode.Parse($$$"""{"type":"Replace","pattern":{"String":"a"},"content":"{{{new string('a', 2000)}}}"}""")!;
        root["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(Step(), Step(), Step()) };
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => JsonFolder.Read(root).Encode("a", addSpecial: false, parseSpecial: false));
        Assert.Contains("normalizer.normalizers[2]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x?+y", "(?>x?)y")]
    [InlineData(@"[^\r\n\p{L}\p{N}]?+\p{L}+", @"(?>[^\r\n\p{L}\p{N}]?)\p{L}+")]
    [InlineData(@" ?[^\s\p{L}]++[\r\n]*", @" ?(?>[^\s\p{L}]+)[\r\n]*")]
    [InlineData(@"(?:a|b(c))*+d\++", @"(?>(?:a|b(c))*)d\++")]
    [InlineData(@"\p{N}{1,3}|[+*?]+", @"\p{N}{1,3}|[+*?]+")]
    public void Possessive_quantifiers_become_atomic_groups(string given, string expected) =>
        Assert.Equal(expected, Models.Tokenizers.HuggingFace.PatternText.Possessive(given));

    private static void Compare(string vocabulary, ITokenizer tokenizer) => Assert.All(LlamaSource.Expectations(vocabulary),
        expected => Assert.Equal(expected.Ids, tokenizer.Encode(expected.Text, addSpecial: false, parseSpecial: false)));
}
