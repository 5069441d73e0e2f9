namespace EdgeBench.Models.Tokenizers;

/// <summary>The part of a tokenizer that turns ordinary text, without special tokens, into ids. Thread-safe.</summary>
internal interface ITextEncoder
{
    /// <param name="text">Well-formed UTF-16, not empty.</param>
    void Encode(ReadOnlySpan<char> text, List<int> tokens);
}
