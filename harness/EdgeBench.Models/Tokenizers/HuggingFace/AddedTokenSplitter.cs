using System.Buffers;
using System.Text;
using EdgeBench.Models.Tokenizers.Unicode;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>A part of a text: an added token, or ordinary text where <paramref name="Token"/> is negative.</summary>
internal readonly record struct Section(int Token, string Text, bool First);

/// <summary>Finds added tokens as the tokenizers library does: leftmost first, then longest, with their rules for white space and words around them.</summary>
internal sealed class AddedTokenSplitter
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<string> _any;

    public AddedTokenSplitter(IEnumerable<AddedToken> tokens)
    {
        AddedToken[] all = [.. tokens];
        _byFirst = all.GroupBy(token => token.Content[0]).ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _any = SearchValues.Create([.. all.Select(token => token.Content)], StringComparison.Ordinal);
    }

    /// <param name="parseSpecial">Whether special tokens count; a special token that does not still hides others within it.</param>
    public IEnumerable<Section> Split(Section section, bool parseSpecial)
    {
        string text = section.Text;
        int from = 0, search = 0;
        while (search < text.Length && text.AsSpan(search).IndexOfAny(_any) is >= 0 and int found)
        {
            int at = search + found;
            AddedToken token = Array.Find(_byFirst[text[at]], candidate => string.CompareOrdinal(text, at, candidate.Content, 0, candidate.Content.Length) == 0)!;
            int end = at + token.Content.Length;
            search = end;
            if ((token.Special && !parseSpecial) || (token.SingleWord && !StandsAlone(text, at, end))) continue;
            while (token.LeftStrip && at > from && char.IsWhiteSpace(text[at - 1])) at--;
            while (token.RightStrip && end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (at > from) yield return new Section(-1, text[from..at], section.First && from == 0);
            yield return new Section(token.Id, text[at..end], section.First && at == 0);
            from = end;
            search = Math.Max(search, end);
        }
        if (from == 0) yield return section;
        else if (from < text.Length) yield return new Section(-1, text[from..], First: false);
    }

    private static bool StandsAlone(string text, int start, int end)
    {
        if (start > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out Rune before, out _) == OperationStatus.Done && IsWord(before)) return false;
        return end == text.Length || Rune.DecodeFromUtf16(text.AsSpan(end), out Rune after, out _) != OperationStatus.Done || !IsWord(after);
    }

    private static bool IsWord(Rune rune)
    {
        System.Globalization.UnicodeCategory category = CodePoints.Category(rune.Value);
        return CodePoints.IsLetter(category) || CodePoints.IsMark(category)
            || category is System.Globalization.UnicodeCategory.DecimalDigitNumber or System.Globalization.UnicodeCategory.LetterNumber or System.Globalization.UnicodeCategory.ConnectorPunctuation;
    }
}
