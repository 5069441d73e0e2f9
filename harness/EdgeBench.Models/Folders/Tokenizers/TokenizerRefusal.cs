using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>The error for a tokenizer that GGUF, and with it every runtime here, cannot reproduce: a guess would measure another model.</summary>
internal static class TokenizerRefusal
{
    public static EdgeBenchException Of(string path, string found, string? expected = null) => EdgeBenchException.BadInput(
        $"a tokenizer that cannot be reproduced: {found}", expected ?? "byte-level BPE of a known kind, SentencePiece (BPE or unigram) or WordPiece",
        "Convert the weights alone with --no-tokenizer, or use a GGUF file of the model.", path);
}
