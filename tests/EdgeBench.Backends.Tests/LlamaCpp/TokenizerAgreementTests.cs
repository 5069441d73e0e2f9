using CsCheck;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;
using EdgeBench.Models.Tokenizers.Training;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.LlamaCpp;

/// <summary>Our tokenizers against llama.cpp's own, over texts that nobody picked.</summary>
public class TokenizerAgreementTests
{
    // EDGEBENCH_TOKENIZER_TEXTS asks for more than continuous integration has time for.
    private static readonly int s_texts = int.TryParse(Environment.GetEnvironmentVariable("EDGEBENCH_TOKENIZER_TEXTS"), out int asked) ? asked : 250;

    /// <summary>Vocabularies of llama.cpp's source.</summary>
    public static TheoryData<string> Vocabularies =>
    [
        "aquila", "baichuan", "bert-bge", "command-r", "deepseek-coder", "deepseek-llm", "falcon", "gemma-4", "gpt-2", "gpt-neox", "llama-bpe", "llama-spm", "mpt",
        "nomic-bert-moe", "phi-3", "qwen2", "qwen35", "refact", "starcoder",
    ];

    /// <summary>One name of every pre-tokenizer over GPT-2's bytes.</summary>
    public static TheoryData<string> PreTokenizers => [.. Models.Tokenizers.Llama.PreTokenizers.All.Where(pre => !pre.CodePoints).Select(pre => pre.Names[0])];

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Ids_of_any_text_equal_llama_cpp_s(string vocabulary) => Compare(LlamaSourceFile($"ggml-vocab-{vocabulary}.gguf"));

    [Theory]
    [InlineData("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf")]
    [InlineData("stories15m/stories15M-F16.gguf")]
    [InlineData("stories260k/stories260K-F16.gguf")]
    public void Ids_of_any_text_equal_llama_cpp_s_for_whole_models(string model) => Compare(RepositoryFiles.Shared($"models/{model}"));

    [Theory]
    [MemberData(nameof(PreTokenizers))]
    public void Every_pre_tokenizer_splits_as_llama_cpp_does(string pre)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("vocabulary.gguf");
        BoundaryVocabulary.Write(path, pre);
        Compare(path);
    }

    [Fact]
    public void Lines_over_code_points_split_as_llama_cpp_does()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("vocabulary.gguf");
        using (GgufFile file = GgufFile.Open(LlamaSourceFile("ggml-vocab-gemma-4.gguf")))
        {
            Dictionary<string, GgufValue> metadata = new(file.Metadata)
            {
                ["tokenizer.ggml.model"] = GgufValue.From("gpt2"),
                ["tokenizer.ggml.pre"] = GgufValue.From("sarvam-moe"),
            };
            GgufWriter.Write(path, metadata, []);
        }
        Compare(path);
    }

    [Theory]
    [InlineData("smollm", true, false)]
    [InlineData("gpt-2", false, true)]
    public void A_tokenizer_that_was_trained_here_gives_llama_cpp_s_ids(string pre, bool addBos, bool addEos)
    {
        TrainedTokenizer trained = BytePairTrainer.TrainOnFiles([Path.Combine(RepositoryFiles.Root, "README.md"), Path.Combine(RepositoryFiles.Root, "harness", "README.md")], new()
        {
            Vocabulary = 1000,
            SpecialTokens = ["<|endoftext|>", "<|start|>"],
            Bos = "<|start|>",
            Eos = "<|endoftext|>",
            AddBos = addBos,
            AddEos = addEos,
            PreTokenizer = pre,
        });
        using TemporaryFolder folder = new();
        string path = folder.File("vocabulary.gguf");
        GgufWriter.Write(path, new Dictionary<string, GgufValue>(trained.GgufMetadata()) { ["general.architecture"] = GgufValue.From("llama") }, []);
        Compare(path);
    }

    private static void Compare(string path)
    {
        using LlamaVocabulary theirs = new(path);
        using GgufFile file = GgufFile.Open(path);
        ITokenizer ours = TokenizerFactory.FromGguf(file.Metadata, path);
        Gen.Select(HostileTexts.Any, Gen.Bool, Gen.Bool).Sample(
            (text, addSpecial, parseSpecial) => Assert.Equal(theirs.Tokenize(text, addSpecial, parseSpecial), ours.Encode(text, addSpecial, parseSpecial)),
            iter: s_texts, threads: 1);
    }

    private static string LlamaSourceFile(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("EDGEBENCH_LLAMA_SOURCE");
        string path = Path.Combine(folder ?? "", "models", name);
        Assert.SkipUnless(!string.IsNullOrEmpty(folder) && File.Exists(path),
            $"needs models/{name} of llama.cpp's source: run tests/EdgeBench.Models.Tests/Tokenizers/fetch-vocabularies.sh and set EDGEBENCH_LLAMA_SOURCE");
        return path;
    }
}
