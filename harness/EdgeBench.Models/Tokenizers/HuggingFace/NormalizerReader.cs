using System.Globalization;
using System.Text;
using EdgeBench.Models.Tokenizers.Unicode;
using EdgeBench.Models.Tokenizers.Unigram;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>The <c>normalizer</c> of tokenizer.json as a function.</summary>
internal static class NormalizerReader
{
    private static readonly string[] s_supported =
        ["Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Prepend", "Replace", "BertNormalizer", "Precompiled"];

    public static Func<string, string> Read(JsonPart part) => part.IsNull ? text => text : part.Type switch
    {
        "Sequence" => Sequence(part),
        "NFC" => text => Normalizer.Compose(text, compatibility: false),
        "NFD" => text => Normalizer.Decompose(text, compatibility: false),
        "NFKC" => text => Normalizer.Compose(text, compatibility: true),
        "NFKD" => text => Normalizer.Decompose(text, compatibility: true),
        "Lowercase" => Lowercase,
        "Strip" => Strip(part["strip_left"].Flag(true), part["strip_right"].Flag(true)),
        "StripAccents" => text => Without(text, CodePoints.IsMark),
        "Prepend" => Prepend(part["prepend"].Text() ?? ""),
        "Replace" => TextReplacement.Read(part),
        "BertNormalizer" => Bert(part),
        "Precompiled" => Precompiled(part),
        _ => throw part.Unsupported("normalizer", s_supported),
    };

    /// <summary>BERT's: controls go, white space is a space, ideographs stand alone, then accents and case.</summary>
    public static Func<string, string> Bert(bool clean, bool ideographs, bool stripAccents, bool lowercase) => text =>
    {
        StringBuilder output = new(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            int point = rune.Value;
            bool space = CodePoints.IsWhiteSpace(point);
            if (clean && !space && (point is 0 or CodePoints.Replacement || CodePoints.IsOther(CodePoints.Category(point)))) continue;
            bool alone = ideographs && CodePoints.IsBertIdeograph(point);
            if (alone) output.Append(' ');
            output.Append(clean && space ? " " : rune.ToString());
            if (alone) output.Append(' ');
        }
        string normal = output.ToString();
        if (stripAccents) normal = Without(Normalizer.Decompose(normal, compatibility: false), category => category == UnicodeCategory.NonSpacingMark);
        return lowercase ? Lowercase(normal) : normal;
    };

    private static Func<string, string> Bert(JsonPart part)
    {
        bool lowercase = part["lowercase"].Flag(true);
        return Bert(part["clean_text"].Flag(true), part["handle_chinese_chars"].Flag(true), part["strip_accents"].Flag(lowercase), lowercase);
    }

    private static Func<string, string> Sequence(JsonPart part)
    {
        Func<string, string>[] steps = [.. part["normalizers"].Items().Select(Read)];
        return text => steps.Aggregate(text, (current, step) => step(current));
    }

    private static string Lowercase(string text)
    {
        StringBuilder output = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) output.Append(rune.Value == 0x130 ? "i\u0307" : new Rune(CodePoints.ToLower(rune.Value)).ToString());
        return output.ToString();
    }

    private static string Without(string text, Predicate<UnicodeCategory> goes)
    {
        StringBuilder output = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!goes(CodePoints.Category(rune.Value))) output.Append(rune.ToString());
        }
        return output.ToString();
    }

    private static Func<string, string> Strip(bool left, bool right) => text =>
    {
        string stripped = left ? text.TrimStart() : text;
        return right ? stripped.TrimEnd() : stripped;
    };

    // Nothing is put before an empty text.
    private static Func<string, string> Prepend(string prefix) => text => text.Length == 0 ? text : prefix + text;

    private static Func<string, string> Precompiled(JsonPart part)
    {
        JsonPart given = part["precompiled_charsmap"];
        byte[] bytes = new byte[(given.Text() ?? "").Length];
        if (!Convert.TryFromBase64String(given.Text() ?? "", bytes, out int length) || CharacterMap.Read(bytes[..length]) is not { } map)
            throw given.Refused("no character map", "base64 of a double array and its replacements", "Fetch the file again.");
        return new PrecompiledNormalizer(map).Normalize;
    }
}
