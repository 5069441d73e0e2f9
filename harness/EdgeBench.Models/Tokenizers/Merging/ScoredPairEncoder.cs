using System.Runtime.InteropServices;
using System.Text;

namespace EdgeBench.Models.Tokenizers.Merging;

/// <summary>
/// SentencePiece's BPE: two neighbours merge where their texts together are a token, the highest score first. Spaces are U+2581 already.
/// Kudo and Richardson 2018, https://arxiv.org/abs/1808.06226.
/// </summary>
internal sealed class ScoredPairEncoder(TokenVocabulary vocabulary, UnknownSymbol unknown) : ITextEncoder, IPairRule
{
    private const char SpaceMark = '\u2581';

    private readonly WordCache _cache = new();

    // Where no token has a space after another letter, no merge crosses the start of a run of spaces: words are encoded one by one.
    private readonly bool _wordByWord = !Array.Exists(vocabulary.Texts, CrossesWords);

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        if (!_wordByWord)
        {
            EncodeWord(text, tokens);
            return;
        }
        int start = 0;
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] != SpaceMark || text[i - 1] == SpaceMark) continue;
            EncodeWord(text[start..i], tokens);
            start = i;
        }
        EncodeWord(text[start..], tokens);
    }

    public bool TryMerge(Symbol left, Symbol right, ReadOnlySpan<char> text, out uint order, out int merged)
    {
        merged = vocabulary.Find(text.Slice(left.Start, left.Length + right.Length));
        order = merged < 0 ? 0 : Descending((float)vocabulary.Scores[merged]);
        return merged >= 0;
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> tokens)
    {
        if (_cache.TryAppend(word, tokens)) return;
        int first = tokens.Count;
        List<Symbol> symbols = new(word.Length);
        for (int i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out _, out int length);
            symbols.Add(new Symbol(vocabulary.Find(word.Slice(i, length)), i, length));
            i += length;
        }
        PairMerger.Merge(symbols, word, this);
        foreach (Symbol symbol in symbols)
        {
            if (symbol.Id >= 0) tokens.Add(symbol.Id);
            else unknown(word.Slice(symbol.Start, symbol.Length), tokens);
        }
        _cache.Remember(word, CollectionsMarshal.AsSpan(tokens)[first..]);
    }

    private static bool CrossesWords(string token)
    {
        for (int i = 1; i < token.Length; i++)
        {
            if (token[i] == SpaceMark && token[i - 1] != SpaceMark) return true;
        }
        return false;
    }

    // Bits of a float that sort as unsigned numbers, highest score lowest; -0 is 0.
    private static uint Descending(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return (bits & 0x8000_0000) != 0 ? bits : ~bits & 0x7FFF_FFFF;
    }
}
