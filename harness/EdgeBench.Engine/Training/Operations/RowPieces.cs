namespace EdgeBench.Engine.Training.Operations;

/// <summary>Rows in pieces of a fixed number, so that sums over rows do not depend on the number of threads.</summary>
internal readonly record struct RowPieces(int Rows)
{
    /// <summary>Rows of a piece.</summary>
    public const int Size = 32;

    public int Count => (Rows + Size - 1) / Size;

    public int First(int piece) => piece * Size;

    public int End(int piece) => Math.Min(Rows, (piece + 1) * Size);
}
