using System.Globalization;
using EdgeBench.Models.Tokenizers.Unicode;

namespace EdgeBench.Models.Tokenizers.Splitting;

/// <summary>
/// A text with one UTF-16 unit for each code point, for regular expressions that think in code points: .NET's work on UTF-16 units, so that
/// <c>\p{L}</c> misses every letter beyond U+FFFF. A code point beyond it, or assigned after Unicode 15.1, is replaced by a rare one of the same
/// category that no published pattern names; inside DeepSeek's range of U+0800 to U+4E00, which takes code points by number, by one inside it.
/// </summary>
internal readonly struct ProjectedText
{
    private readonly int[]? _offsets;

    private ProjectedText(char[]? units, int[]? offsets) => (Units, _offsets) = (units, offsets);

    /// <summary>Null where the text is its own projection.</summary>
    public char[]? Units { get; }

    /// <summary>Where unit <paramref name="index"/> starts in the text; the number of units gives the text's length.</summary>
    public int Offset(int index) => _offsets is null ? index : _offsets[index];

    /// <param name="text">Well-formed UTF-16.</param>
    public static ProjectedText Of(ReadOnlySpan<char> text)
    {
        int first = 0;
        while (first < text.Length && !char.IsSurrogate(text[first]) && !CodePoints.IsLater(text[first])) first++;
        if (first == text.Length) return default;
        char[] units = new char[text.Length];
        int[] offsets = new int[text.Length + 1];
        int count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            bool pair = char.IsHighSurrogate(text[i]);
            int codePoint = pair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];
            units[count] = pair || CodePoints.IsLater(codePoint) ? StandIn(codePoint) : text[i];
            offsets[count] = i;
            i += pair ? 2 : 1;
        }
        offsets[count] = text.Length;
        return new ProjectedText(units[..count], offsets);
    }

    private static char StandIn(int codePoint) => CodePoints.Category(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => IsOldCased(codePoint) ? '\uA640' : '\uA790',
        UnicodeCategory.LowercaseLetter => IsOldCased(codePoint) ? '\uA641' : '\uA791',
        UnicodeCategory.ModifierLetter => '\uA717',
        UnicodeCategory.OtherLetter => '\uA840',
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => '\uA8E0',
        UnicodeCategory.SpacingCombiningMark => '\uA823',
        UnicodeCategory.DecimalDigitNumber => '\uA8D0',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.DashPunctuation => '\uFE58',
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
            or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => '\uA874',
        UnicodeCategory.MathSymbol => '\uFB29',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\uA828',
        UnicodeCategory.Format or UnicodeCategory.Control => '\uFFF9',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => codePoint is >= 0x0800 and <= 0x4E00 ? '\u1A1C' : '\u0378',
    };

    // The cased letters beyond U+FFFF that DeepSeek's list of letters names: Deseret, Osage, Old Hungarian, Warang Citi, Adlam.
    private static bool IsOldCased(int codePoint) => codePoint is
        (>= 0x10400 and <= 0x1044F) or (>= 0x104B0 and <= 0x104D3) or (>= 0x104D8 and <= 0x104FB) or (>= 0x10C80 and <= 0x10CB2)
        or (>= 0x10CC0 and <= 0x10CF2) or (>= 0x118A0 and <= 0x118DF) or (>= 0x1E900 and <= 0x1E943);
}
