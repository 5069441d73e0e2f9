using EdgeBench.Models.Tokenizers.Splitting;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>What becomes of a match: the tokenizers library's <c>SplitDelimiterBehavior</c>.</summary>
internal enum SplitBehaviour
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Splits at matches of a pattern.</summary>
/// <param name="Matches">Matches in a text, in order, not overlapping.</param>
/// <param name="Invert">What lies between matches is the delimiter.</param>
internal sealed record SplitRule(Func<string, IEnumerable<Piece>> Matches, SplitBehaviour Behave, bool Invert)
{
    public static SplitRule Read(JsonPart part)
    {
        JsonPart pattern = part["pattern"];
        Func<string, IEnumerable<Piece>> matches = pattern["String"].Text() is { Length: > 0 } literal ? Literal(literal) : PatternText.Read(pattern["Regex"]).Matches;
        return new SplitRule(matches, Behaviour(part, null), part["invert"].Flag(false));
    }

    public static SplitBehaviour Behaviour(JsonPart part, SplitBehaviour? otherwise)
    {
        string? name = part["behavior"].Text();
        if (name is null && otherwise is { } known) return known;
        return Enum.TryParse(name, out SplitBehaviour behaviour) && Enum.IsDefined(behaviour)
            ? behaviour : throw part["behavior"].Refused($"'{name}'", $"one of {string.Join(", ", Enum.GetNames<SplitBehaviour>())}");
    }

    public static Func<string, IEnumerable<Piece>> Literal(string text) => whole => Occurrences(whole, text);

    public IEnumerable<string> Apply(string text)
    {
        List<(Piece Piece, bool Delimiter)> parts = Parts(text);
        List<Piece> output = new(parts.Count);
        for (int i = 0; i < parts.Count; i++)
        {
            (Piece piece, bool delimiter) = parts[i];
            bool joins = i > 0 && Behave switch
            {
                SplitBehaviour.MergedWithPrevious => delimiter && !parts[i - 1].Delimiter,
                SplitBehaviour.MergedWithNext => !delimiter && parts[i - 1].Delimiter,
                SplitBehaviour.Contiguous => delimiter == parts[i - 1].Delimiter,
                _ => false,
            };
            if (delimiter && Behave == SplitBehaviour.Removed) continue;
            if (joins) output[^1] = new Piece(output[^1].Start, piece.End - output[^1].Start);
            else output.Add(piece);
        }
        return output.Select(piece => text.Substring(piece.Start, piece.Length));
    }

    private List<(Piece Piece, bool Delimiter)> Parts(string text)
    {
        List<(Piece, bool)> parts = [];
        int end = 0;
        foreach (Piece match in Matches(text))
        {
            if (match.Start > end) parts.Add((new Piece(end, match.Start - end), Invert));
            if (match.Length > 0) parts.Add((match, !Invert));
            end = match.End;
        }
        if (end < text.Length) parts.Add((new Piece(end, text.Length - end), Invert));
        return parts;
    }

    /// <summary>Where a literal text occurs, from the left, not overlapping.</summary>
    public static IEnumerable<Piece> Occurrences(string whole, string text)
    {
        for (int at = whole.IndexOf(text, StringComparison.Ordinal); at >= 0; at = whole.IndexOf(text, at + text.Length, StringComparison.Ordinal))
            yield return new Piece(at, text.Length);
    }
}
