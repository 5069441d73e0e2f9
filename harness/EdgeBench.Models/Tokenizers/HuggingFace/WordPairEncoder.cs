using System.Runtime.InteropServices;
using System.Text;
using EdgeBench.Models.Tokenizers.Merging;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>Byte-pair encoding of one word as the tokenizers library does it: letters that are no token are unknown, or their bytes, before merging.</summary>
/// <param name="fuseUnknown">Neighbouring unknowns are one.</param>
/// <param name="bytes">Unknown letters become the tokens of their bytes, where all of them are there.</param>
internal sealed class WordPairEncoder(MergeTable merges, int? unknown, bool fuseUnknown, bool bytes, bool ignoreMerges) : ITextEncoder
{
    private readonly WordCache _cache = new();

    public void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        if (_cache.TryAppend(text, tokens)) return;
        int first = tokens.Count;
        if (ignoreMerges && merges.Vocabulary.Find(text) is >= 0 and int whole) tokens.Add(whole);
        else Merge(text, tokens);
        _cache.Remember(text, CollectionsMarshal.AsSpan(tokens)[first..]);
    }

    private void Merge(ReadOnlySpan<char> text, List<int> tokens)
    {
        List<Symbol> symbols = new(text.Length);
        bool afterUnknown = false;
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out Rune rune, out int length);
            int id = merges.Vocabulary.Find(text.Slice(i, length));
            bool isUnknown = id < 0 && !(bytes && AddBytes(rune, i, length, symbols));
            if (id >= 0) symbols.Add(new Symbol(id, i, length));
            else if (isUnknown && unknown is { } token && !(afterUnknown && fuseUnknown)) symbols.Add(new Symbol(token, i, length));
            afterUnknown = isUnknown;
            i += length;
        }
        PairMerger.Merge(symbols, text, merges);
        foreach (Symbol symbol in symbols) tokens.Add(symbol.Id);
    }

    private bool AddBytes(Rune rune, int start, int length, List<Symbol> symbols)
    {
        Span<byte> buffer = stackalloc byte[4];
        ReadOnlySpan<byte> all = buffer[..rune.EncodeToUtf8(buffer)];
        foreach (byte value in all)
        {
            if (merges.Vocabulary.Bytes[value] < 0) return false;
        }
        foreach (byte value in all) symbols.Add(new Symbol(merges.Vocabulary.Bytes[value], start, length));
        return true;
    }
}
