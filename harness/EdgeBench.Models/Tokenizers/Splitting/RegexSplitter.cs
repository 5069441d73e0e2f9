using System.Text.RegularExpressions;

namespace EdgeBench.Models.Tokenizers.Splitting;

/// <summary>
/// Every match of a pattern is a piece, and so is what lies between matches. A piece is matched on its own: no pattern looks over its edges.
/// </summary>
internal sealed class RegexSplitter(Regex pattern) : ISplitter
{
    /// <param name="pattern">Must take time linear in the text.</param>
    public RegexSplitter(string pattern)
        : this(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Compiled))
    {
    }

    public void Split(ReadOnlySpan<char> units, Piece piece, List<Piece> pieces)
    {
        int end = 0;
        foreach (ValueMatch match in pattern.EnumerateMatches(units.Slice(piece.Start, piece.Length)))
        {
            if (match.Length == 0) continue;
            if (match.Index > end) pieces.Add(new Piece(piece.Start + end, match.Index - end));
            pieces.Add(new Piece(piece.Start + match.Index, match.Length));
            end = match.Index + match.Length;
        }
        if (end < piece.Length) pieces.Add(new Piece(piece.Start + end, piece.Length - end));
    }
}
