using System.Buffers;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>A part of a text: a special token, or ordinary text where <paramref name="Token"/> is negative.</summary>
internal readonly record struct Fragment(int Token, int Start, int Length);

/// <summary>
/// Finds special tokens that are spelt out, as llama.cpp does: the longest token first, everywhere, then the next. Tokens marked so take
/// ASCII white space left or right of them.
/// </summary>
internal sealed class SpecialTokenSplitter
{
    private const TokenKinds OnlyWhenParsed = TokenKinds.Control | TokenKinds.Unknown;
    private const string StrippedSpace = " \t\n\v\f\r";

    private readonly TokenVocabulary _vocabulary;
    private readonly int[] _all;
    private readonly int[] _always;
    private readonly SearchValues<string> _anyOfAll;
    private readonly SearchValues<string> _anyOfAlways;

    public SpecialTokenSplitter(TokenVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _all = [.. Enumerable.Range(0, vocabulary.Count)
            .Where(id => (vocabulary.Kinds[id] & (OnlyWhenParsed | TokenKinds.UserDefined)) != 0)
            .OrderByDescending(id => System.Text.Encoding.UTF8.GetByteCount(vocabulary.Texts[id]))];
        _always = [.. _all.Where(id => (vocabulary.Kinds[id] & OnlyWhenParsed) == 0)];
        _anyOfAll = SearchValues.Create([.. _all.Select(id => vocabulary.Texts[id])], StringComparison.Ordinal);
        _anyOfAlways = SearchValues.Create([.. _always.Select(id => vocabulary.Texts[id])], StringComparison.Ordinal);
    }

    /// <param name="parseSpecial">Whether control and unknown tokens are looked for too; user-defined ones always are.</param>
    public IReadOnlyList<Fragment> Split(string text, bool parseSpecial)
    {
        List<Fragment> fragments = text.Length > 0 ? [new Fragment(-1, 0, text.Length)] : [];
        if (!text.AsSpan().ContainsAny(parseSpecial ? _anyOfAll : _anyOfAlways)) return fragments;
        foreach (int token in parseSpecial ? _all : _always)
        {
            if (text.Contains(_vocabulary.Texts[token], StringComparison.Ordinal)) fragments = Split(text, fragments, token);
        }
        return fragments;
    }

    private List<Fragment> Split(string text, List<Fragment> fragments, int token)
    {
        List<Fragment> finer = new(fragments.Count + 2);
        string special = _vocabulary.Texts[token];
        TokenKinds kinds = _vocabulary.Kinds[token];
        foreach (Fragment fragment in fragments)
        {
            if (fragment.Token >= 0)
            {
                finer.Add(fragment);
                continue;
            }
            int start = fragment.Start, end = fragment.Start + fragment.Length;
            while (start < end && text.IndexOf(special, start, end - start, StringComparison.Ordinal) is >= 0 and int at)
            {
                int left = at, right = at + special.Length;
                while (kinds.HasFlag(TokenKinds.LeftStrip) && left > start && StrippedSpace.Contains(text[left - 1])) left--;
                while (kinds.HasFlag(TokenKinds.RightStrip) && right < end && StrippedSpace.Contains(text[right])) right++;
                if (left > start) finer.Add(new Fragment(-1, start, left - start));
                finer.Add(new Fragment(token, at, special.Length));
                start = right;
            }
            if (start < end) finer.Add(new Fragment(-1, start, end - start));
        }
        return finer;
    }
}
