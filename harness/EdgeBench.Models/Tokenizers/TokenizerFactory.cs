using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
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
}
