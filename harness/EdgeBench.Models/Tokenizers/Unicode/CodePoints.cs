using System.Globalization;

namespace EdgeBench.Models.Tokenizers.Unicode;

/// <summary>
/// Categories of code points as of Unicode 15.1, which llama.cpp's tables hold. What later versions assigned counts as unassigned, so that a
/// newer runtime splits no text differently.
/// </summary>
internal static class CodePoints
{
    public const int Replacement = 0xFFFD;

    // First and last code points that Unicode 16 and 17 assigned, ascending.
    private static readonly (int First, int Last)[] s_later =
    [
        (0x88F, 0x88F), (0x897, 0x897), (0xC5C, 0xC5C), (0xCDC, 0xCDC), (0x1ACF, 0x1ADD), (0x1AE0, 0x1AEB), (0x1B4E, 0x1B4F), (0x1B7F, 0x1B7F),
        (0x1C89, 0x1C8A), (0x20C1, 0x20C1), (0x2427, 0x2429), (0x2B96, 0x2B96), (0x31E4, 0x31E5), (0xA7CB, 0xA7CF), (0xA7D2, 0xA7D2), (0xA7D4, 0xA7D4),
        (0xA7DA, 0xA7DC), (0xA7F1, 0xA7F1), (0xFBC3, 0xFBD2), (0xFD90, 0xFD91), (0xFDC8, 0xFDCE), (0x105C0, 0x105F3), (0x10940, 0x10959),
        (0x10D40, 0x10D65), (0x10D69, 0x10D85), (0x10D8E, 0x10D8F), (0x10EC2, 0x10EC7), (0x10ED0, 0x10ED8), (0x10EFA, 0x10EFC), (0x11380, 0x113E2),
        (0x116D0, 0x116E3), (0x11B60, 0x11B67), (0x11BC0, 0x11BE1), (0x11BF0, 0x11BF9), (0x11DB0, 0x11DDB), (0x11DE0, 0x11DE9), (0x11F5A, 0x11F5A),
        (0x13460, 0x143FA), (0x16100, 0x16139), (0x16D40, 0x16D79), (0x16EA0, 0x16EB8), (0x16EBB, 0x16ED3), (0x16FF2, 0x16FF6), (0x187F8, 0x187FF),
        (0x18CFF, 0x18CFF), (0x18D09, 0x18D1E), (0x18D80, 0x18DF2), (0x1CC00, 0x1CEBA), (0x1CED0, 0x1CEF0), (0x1E5D0, 0x1E5FF),
        (0x1E6C0, 0x1E6FF), (0x1F6D8, 0x1F6D8), (0x1F777, 0x1F77A), (0x1F8B2, 0x1F8BB), (0x1F8C0, 0x1F8C1), (0x1F8D0, 0x1F8D8), (0x1FA54, 0x1FA57),
        (0x1FA89, 0x1FA8A), (0x1FA8E, 0x1FA8F), (0x1FABE, 0x1FABE), (0x1FAC6, 0x1FAC6), (0x1FAC8, 0x1FAC8), (0x1FACD, 0x1FACD), (0x1FADC, 0x1FADC),
        (0x1FADF, 0x1FADF), (0x1FAE9, 0x1FAEA), (0x1FAEF, 0x1FAEF), (0x1FBCB, 0x1FBEF), (0x1FBFA, 0x1FBFA), (0x323B0, 0x33479),
    ];

    private const int FirstLater = 0x88F;

    public static UnicodeCategory Category(int codePoint) =>
        IsLater(codePoint) ? UnicodeCategory.OtherNotAssigned : CharUnicodeInfo.GetUnicodeCategory(codePoint);

    /// <summary>Whether the runtime's tables may know it and Unicode 15.1 does not.</summary>
    public static bool IsLater(int codePoint)
    {
        if (codePoint < FirstLater) return false;
        int low = 0, high = s_later.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (codePoint > s_later[middle].Last) low = middle + 1;
            else if (codePoint < s_later[middle].First) high = middle - 1;
            else return true;
        }
        return false;
    }

    /// <summary>Unicode's White_Space property.</summary>
    public static bool IsWhiteSpace(int codePoint) => codePoint <= char.MaxValue && char.IsWhiteSpace((char)codePoint);

    public static bool IsLetter(UnicodeCategory category) => category <= UnicodeCategory.OtherLetter;

    public static bool IsMark(UnicodeCategory category) => category is >= UnicodeCategory.NonSpacingMark and <= UnicodeCategory.EnclosingMark;

    public static bool IsNumber(UnicodeCategory category) => category is >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber;

    public static bool IsPunctuation(UnicodeCategory category) => category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    public static bool IsSymbol(UnicodeCategory category) => category is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol;

    /// <summary>Controls, formats, surrogates and private use; not what is unassigned.</summary>
    public static bool IsOther(UnicodeCategory category) => category is >= UnicodeCategory.Control and <= UnicodeCategory.PrivateUse;

    /// <summary>Simple lower case; U+0130 is i, as in Unicode's own table.</summary>
    public static int ToLower(int codePoint)
    {
        if (codePoint < 0x80) return codePoint is >= 'A' and <= 'Z' ? codePoint + 32 : codePoint;
        if (codePoint == 0x130) return 'i';
        return IsLater(codePoint) || !System.Text.Rune.TryCreate(codePoint, out System.Text.Rune rune) ? codePoint : System.Text.Rune.ToLowerInvariant(rune).Value;
    }

    /// <summary>Ideographs that BERT takes for words of their own: the ranges of Hugging Face's and llama.cpp's code.</summary>
    public static bool IsBertIdeograph(int codePoint) => codePoint is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>The text with U+FFFD for each surrogate that has no partner, as an encoder to UTF-8 puts it.</summary>
    public static string WellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return Repaired(text);
        }
        return text;
    }

    private static string Repaired(string text) => string.Create(text.Length, text, static (repaired, source) =>
    {
        for (int i = 0; i < source.Length; i++)
        {
            bool pair = i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]);
            repaired[i] = !char.IsSurrogate(source[i]) || pair ? source[i] : (char)Replacement;
            if (pair) repaired[++i] = source[i];
        }
    });
}
