using System.Text;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>What a GGUF file says around the text itself.</summary>
internal sealed record LlamaTokenizerOptions
{
    public required string Kind { get; init; }

    public int? Bos { get; init; }

    public int? Eos { get; init; }

    /// <summary>Ends a text with <see cref="AddLast"/>: EOS, or BERT's [SEP].</summary>
    public int? Last { get; init; }

    public bool AddBos { get; init; }

    public bool AddLast { get; init; }

    /// <summary>A space goes before the text, and before text after a special token.</summary>
    public bool SpacePrefix { get; init; }

    /// <summary>Spaces become U+2581 before encoding.</summary>
    public bool EscapeSpaces { get; init; }

    public required PieceDecoder Pieces { get; init; }
}

/// <summary>A tokenizer as llama.cpp reads it from a GGUF file, token for token.</summary>
internal sealed class LlamaTokenizer(TokenVocabulary vocabulary, ITextEncoder encoder, LlamaTokenizerOptions options) : ITokenizer
{
    private readonly SpecialTokenSplitter _special = new(vocabulary);

    public string Kind => options.Kind;

    public int Vocabulary => vocabulary.Count;

    public int? Bos => options.AddBos ? options.Bos : null;

    public int? Eos => options.Eos;

    public IReadOnlyList<int> EndsOfText { get; } = [.. vocabulary.Ends.Concat(options.Eos is { } eos ? [eos] : []).Distinct().Order()];

    public int[] Encode(string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        string whole = Unicode.CodePoints.WellFormed(text);
        List<int> tokens = new(16 + (whole.Length / 3));
        if (addSpecial && options.AddBos && options.Bos is { } bos) tokens.Add(bos);
        bool afterSpecial = true;
        foreach (Fragment fragment in _special.Split(whole, parseSpecial))
        {
            if (fragment.Token >= 0)
            {
                tokens.Add(fragment.Token);
                afterSpecial = true;
                continue;
            }
            encoder.Encode(Prepare(whole, fragment, afterSpecial), tokens);
            afterSpecial = false;
        }
        if (addSpecial && options.AddLast && options.Last is { } last) tokens.Add(last);
        return [.. tokens];
    }

    public string Decode(ReadOnlySpan<int> tokens, bool special)
    {
        List<byte> bytes = new(tokens.Length * 4);
        foreach (int token in tokens)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(token, nameof(tokens));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, vocabulary.Count, nameof(tokens));
            if (!special && (vocabulary.Kinds[token] & (TokenKinds.Control | TokenKinds.Unknown)) != 0) continue;
            options.Pieces.Append(token, bytes);
        }
        string text = Encoding.UTF8.GetString(bytes.ToArray());
        return options.Pieces.DropsFirstSpace && text.StartsWith(' ') ? text[1..] : text;
    }

    private ReadOnlySpan<char> Prepare(string text, Fragment fragment, bool afterSpecial)
    {
        ReadOnlySpan<char> own = text.AsSpan(fragment.Start, fragment.Length);
        bool prefix = options.SpacePrefix && afterSpecial;
        if (!prefix && !(options.EscapeSpaces && own.Contains(' '))) return own;
        string prepared = prefix ? $" {own}" : own.ToString();
        return options.EscapeSpaces ? prepared.Replace(' ', '\u2581') : prepared;
    }
}
