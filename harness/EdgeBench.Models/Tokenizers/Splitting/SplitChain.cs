namespace EdgeBench.Models.Tokenizers.Splitting;

/// <summary>Splitters one after another, each over the pieces of the one before.</summary>
internal sealed class SplitChain(IReadOnlyList<ISplitter> splitters)
{
    /// <summary>Pieces of <paramref name="text"/> (well-formed) in its own UTF-16 units.</summary>
    public List<Piece> Split(ReadOnlySpan<char> text)
    {
        ProjectedText projected = ProjectedText.Of(text);
        ReadOnlySpan<char> units = projected.Units is { } own ? own : text;
        List<Piece> pieces = units.Length > 0 ? [new Piece(0, units.Length)] : [];
        foreach (ISplitter splitter in splitters)
        {
            List<Piece> finer = new(pieces.Count + (units.Length / 8));
            foreach (Piece piece in pieces) splitter.Split(units, piece, finer);
            pieces = finer;
        }
        if (projected.Units is null) return pieces;
        for (int i = 0; i < pieces.Count; i++)
        {
            int start = projected.Offset(pieces[i].Start);
            pieces[i] = new Piece(start, projected.Offset(pieces[i].End) - start);
        }
        return pieces;
    }
}
