using System.Text;
using System.Text.RegularExpressions;

namespace EdgeBench.Models.Tokenizers.Splitting;

/// <summary>A regular expression over code points: its matches neither begin nor end between the halves of a surrogate pair, empty ones included.</summary>
internal sealed class CodePointRegex(Regex pattern)
{
    /// <summary>Matches in order, in UTF-16 units of the text; empty ones too.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    public List<Piece> Matches(string text)
    {
        ProjectedText projected = ProjectedText.Of(text);
        List<Piece> matches = [];
        foreach (ValueMatch match in pattern.EnumerateMatches(projected.Units is { } units ? units : text.AsSpan()))
        {
            int start = projected.Offset(match.Index);
            matches.Add(new Piece(start, projected.Offset(match.Index + match.Length) - start));
        }
        return matches;
    }

    /// <summary>The text with <paramref name="content"/> for each match.</summary>
    public static string Replace(string text, IReadOnlyList<Piece> matches, string content)
    {
        StringBuilder output = new();
        int end = 0;
        foreach (Piece match in matches)
        {
            output.Append(text, end, match.Start - end).Append(content);
            end = match.End;
        }
        return output.Append(text, end, text.Length - end).ToString();
    }
}
