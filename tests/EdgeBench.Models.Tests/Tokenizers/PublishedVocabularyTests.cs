using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Models.Tests.Tokenizers;

/// <summary>Token-for-token equality with the expectations that llama.cpp publishes beside its vocabularies.</summary>
public class PublishedVocabularyTests
{
    /// <summary>Every vocabulary of llama.cpp's <c>models/</c> that has expectations.</summary>
    public static TheoryData<string> Vocabularies =>
    [
        "bert-bge", "command-r", "deepseek-coder", "deepseek-llm", "falcon", "gemma-4", "gpt-2", "llama-bpe", "llama-spm", "mpt", "phi-3", "qwen2",
        "qwen35", "refact", "starcoder",
    ];

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Ids_equal_those_that_llama_cpp_publishes(string vocabulary)
    {
        ITokenizer tokenizer = LlamaSource.Tokenizer(vocabulary);
        IReadOnlyList<(string Text, int[] Ids)> expectations = LlamaSource.Expectations(vocabulary);
        Assert.True(expectations.Count > 40);
        Assert.All(expectations, expected => Assert.Equal(expected.Ids, tokenizer.Encode(expected.Text, addSpecial: false, parseSpecial: false)));
    }

    [Fact]
    public void No_vocabulary_with_expectations_is_left_out()
    {
        string folder = Path.GetDirectoryName(LlamaSource.File("models/ggml-vocab-gpt-2.gguf.inp"))!;
        IEnumerable<string> published = Directory.EnumerateFiles(folder, "ggml-vocab-*.gguf.inp")
            .Select(path => Path.GetFileName(path)["ggml-vocab-".Length..^".gguf.inp".Length]);
        Assert.Equal(published.Order(), Vocabularies.Select(row => row.Data).Order());
    }
}
