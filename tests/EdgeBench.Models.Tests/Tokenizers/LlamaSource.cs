using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Models.Tests.Tokenizers;

/// <summary>llama.cpp's source tree, whose vocabularies and expectations come from outside of this project (see fetch-vocabularies.sh).</summary>
internal static class LlamaSource
{
    /// <summary>Full path of a file below <c>$EDGEBENCH_LLAMA_SOURCE</c>; skips the test, naming it, where it is absent.</summary>
    public static string File(string relative)
    {
        string? folder = Environment.GetEnvironmentVariable("EDGEBENCH_LLAMA_SOURCE");
        string path = Path.Combine(folder ?? "", relative);
        Assert.SkipUnless(!string.IsNullOrEmpty(folder) && System.IO.File.Exists(path),
            $"needs {relative} of llama.cpp's source: run tests/EdgeBench.Models.Tests/Tokenizers/fetch-vocabularies.sh and set EDGEBENCH_LLAMA_SOURCE");
        return path;
    }

    public static ITokenizer Tokenizer(string vocabulary)
    {
        string path = File($"models/ggml-vocab-{vocabulary}.gguf");
        using GgufFile file = GgufFile.Open(path);
        return TokenizerFactory.FromGguf(file.Metadata, path);
    }

    /// <summary>Texts with the ids that llama.cpp publishes for them, without special tokens.</summary>
    public static IReadOnlyList<(string Text, int[] Ids)> Expectations(string vocabulary)
    {
        string input = System.IO.File.ReadAllText(File($"models/ggml-vocab-{vocabulary}.gguf.inp"));
        const string Separator = "\n__ggml_vocab_test__\n";
        // A text that ends the file has no separator after it; one that does leaves nothing behind it.
        string[] texts = input.EndsWith(Separator, StringComparison.Ordinal) ? input[..^Separator.Length].Split(Separator) : input.Split(Separator);
        string[] lines = System.IO.File.ReadAllLines(File($"models/ggml-vocab-{vocabulary}.gguf.out"));
        Assert.Equal(texts.Length, lines.Length);
        return [.. texts.Zip(lines, (text, line) => (text, line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray()))];
    }
}
