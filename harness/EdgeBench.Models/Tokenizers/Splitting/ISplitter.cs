namespace EdgeBench.Models.Tokenizers.Splitting;

/// <summary>Cuts a piece of projected text into words that merges do not cross.</summary>
internal interface ISplitter
{
    /// <summary>Appends pieces that cover <paramref name="piece"/> of <paramref name="units"/>, in order, none empty.</summary>
    void Split(ReadOnlySpan<char> units, Piece piece, List<Piece> pieces);
}

/// <summary>A span of units.</summary>
internal readonly record struct Piece(int Start, int Length)
{
    public int End => Start + Length;
}
