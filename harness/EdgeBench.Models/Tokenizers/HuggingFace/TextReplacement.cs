using EdgeBench.Models.Tokenizers.Splitting;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary><c>Replace</c>, as a normaliser and as a decoder: a literal text or a pattern, and what stands for each.</summary>
internal static class TextReplacement
{
    // Replacements in a row multiply: three of a thousand letters each would fill the memory from one line of text.
    private const long MostLetters = 8 << 20;

    public static Func<string, string> Read(JsonPart part)
    {
        string content = part["content"].Text() ?? throw part.Refused("no 'content'", "the text that replaces");
        JsonPart pattern = part["pattern"];
        Func<string, IReadOnlyList<Piece>> find = pattern["String"].Text() is { Length: > 0 } literal
            ? text => [.. SplitRule.Occurrences(text, literal)] : PatternText.Read(pattern["Regex"]).Matches;
        return text =>
        {
            IReadOnlyList<Piece> matches = find(text);
            if (text.Length + ((long)matches.Count * content.Length) > Math.Max(MostLetters, 2L * text.Length))
                throw part.Refused($"a text that replacing makes longer than {MostLetters} letters", "replacements that about keep a text's length");
            return matches.Count == 0 ? text : CodePointRegex.Replace(text, matches, content);
        };
    }
}
