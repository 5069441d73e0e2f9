using System.Runtime.InteropServices;
using System.Text;
using EdgeBench.Models.Tokenizers.Splitting;

namespace EdgeBench.Models.Tokenizers.Merging;

/// <summary>How byte-pair encoding works in one vocabulary.</summary>
internal sealed record BytePairOptions
{
    /// <summary>Words are merged as GPT-2's letters for their UTF-8 bytes, not as code points.</summary>
    public required bool ByteLevel { get; init; }

    /// <summary>A word that is a token as a whole is not merged.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>The same for a word of nothing but newlines (Gemma 4).</summary>
    public bool WholeNewlines { get; init; }
}

/// <summary>Byte-pair encoding: splits, then merges within words.</summary>
/// <param name="unknown">Ids of a symbol that is no token.</param>
internal sealed class BytePairEncoder(MergeTable merges, SplitChain splits, BytePairOptions options, UnknownSymbol unknown) : ITextEncoder
{
    private readonly WordCache _cache = new();

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        foreach (Piece piece in splits.Split(text)) EncodeWord(text.Slice(piece.Start, piece.Length), tokens);
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> tokens)
    {
        if (_cache.TryAppend(word, tokens)) return;
        int first = tokens.Count;
        EncodeNewWord(options.ByteLevel ? ByteAlphabet.Encode(word) : word, tokens);
        _cache.Remember(word, CollectionsMarshal.AsSpan(tokens)[first..]);
    }

    private void EncodeNewWord(ReadOnlySpan<char> word, List<int> tokens)
    {
        if ((options.IgnoreMerges || (options.WholeNewlines && !word.ContainsAnyExcept('\n'))) && merges.Vocabulary.Find(word) is >= 0 and int whole)
        {
            tokens.Add(whole);
            return;
        }
        List<Symbol> symbols = new(word.Length);
        for (int i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out _, out int length);
            symbols.Add(new Symbol(merges.Symbol(word.Slice(i, length)), i, length));
            i += length;
        }
        PairMerger.Merge(symbols, word, merges);
        foreach (Symbol symbol in symbols)
        {
            if (merges.IsToken(symbol.Id)) tokens.Add(symbol.Id);
            else unknown(word.Slice(symbol.Start, symbol.Length), tokens);
        }
    }
}

/// <summary>Appends the ids of a text that no token spells.</summary>
internal delegate void UnknownSymbol(ReadOnlySpan<char> text, List<int> tokens);
