namespace EdgeBench.Models.Tokenizers;

/// <summary>Text to token ids and back, for one vocabulary. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>Kind, as <c>models inspect</c> shows it: <c>byte-level BPE (smollm)</c>, <c>SentencePiece unigram</c> …</summary>
    string Kind { get; }

    /// <summary>Tokens that the model knows.</summary>
    int Vocabulary { get; }

    /// <summary>Starts a text where the file says so, else null.</summary>
    int? Bos { get; }

    /// <summary>Ends a text, or null.</summary>
    int? Eos { get; }

    /// <summary>Tokens that end what a model writes: <see cref="Eos"/>, and those of turns and messages where they are known.</summary>
    IReadOnlyList<int> EndsOfText => Eos is { } eos ? [eos] : [];

    /// <summary>
    /// Token ids. Any text is taken: what no token spells becomes bytes or the unknown token, as the vocabulary says.
    /// </summary>
    /// <param name="addSpecial">Adds what the file says starts and ends a text (BOS, EOS, [CLS], [SEP]).</param>
    /// <param name="parseSpecial">Reads special tokens that are spelt out in the text (<c>&lt;|im_start|&gt;</c>); else they are ordinary text.</param>
    int[] Encode(string text, bool addSpecial, bool parseSpecial);

    /// <summary>The text of tokens; bytes that are no UTF-8 become U+FFFD. Special tokens are left out unless <paramref name="special"/>.</summary>
    string Decode(ReadOnlySpan<int> tokens, bool special);
}
