using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers.HuggingFace;
using EdgeBench.Models.Tokenizers.Llama;

namespace EdgeBench.Models.Tokenizers;

/// <summary>Tokenizers from what models carry. Both throw <see cref="EdgeBenchException"/> (bad input) naming what cannot be reproduced.</summary>
public static class TokenizerFactory
{
    /// <summary>The tokenizer of a GGUF file, token for token as llama.cpp reads it.</summary>
    /// <param name="path">The file, for messages.</param>
    public static ITokenizer FromGguf(IReadOnlyDictionary<string, GgufValue> metadata, string path)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return GgufTokenizer.Read(new GgufTokenizerMetadata(metadata, path));
    }

    /// <summary>
    /// The tokenizer of a Hugging Face folder, as the tokenizers library runs it: <c>tokenizer.json</c> (and <c>tokenizer_config.json</c>), or
    /// BERT's <c>vocab.txt</c>.
    /// </summary>
    public static ITokenizer FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return FolderTokenizer.Read(folder);
    }
}
