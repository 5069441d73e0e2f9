namespace EdgeBench.Kernels.Transformer;

/// <summary>One key/value head of one sequence and the query heads that read it.</summary>
/// <param name="Keys">Its first block; blocks follow one another.</param>
/// <param name="Values">Its first block.</param>
/// <param name="Layout">Of the blocks.</param>
/// <param name="Queries">Query heads.</param>
/// <param name="Scale">Scores are multiplied by it.</param>
/// <param name="Softcap">Scores become cap · tanh(score / cap); 0 for none.</param>
/// <param name="Window">Positions that a query sees, its own included; 0 for all before it.</param>
public readonly unsafe record struct AttentionHead(nint Keys, nint Values, KvLayout Layout, int Queries, float Scale, float Softcap, int Window)
{
    /// <summary>Where it is not 0, a query sees all of that many positions (an encoder's), whatever its own; else none after its own.</summary>
    public int Length { get; init; }

    /// <summary>The head of a sequence that starts at a later block.</summary>
    public AttentionHead From(int block) => this with { Keys = (nint)KeyBlock(block), Values = (nint)ValueBlock(block) };

    /// <summary>The last position that a query at <paramref name="position"/> sees.</summary>
    public int LastSeen(int position) => Length > 0 ? Length - 1 : position;

    internal byte* KeyBlock(int block) => (byte*)Keys + ((nint)block * Layout.KeyBlockBytes);

    internal byte* ValueBlock(int block) => (byte*)Values + ((nint)block * Layout.ValueBlockBytes);

    /// <summary>The first position that a query at <paramref name="position"/> sees.</summary>
    public int FirstSeen(int position) => Window > 0 ? Math.Max(0, position - Window + 1) : 0;
}
