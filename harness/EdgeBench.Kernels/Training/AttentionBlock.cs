namespace EdgeBench.Kernels.Training;

/// <summary>Attention of one sequence over one key/value head by the query heads that read it. Addresses are of float32.</summary>
/// <param name="Length">Rows (positions) of the sequence, each with a query.</param>
/// <param name="Seen">Keys that are no padding: the first so many.</param>
/// <param name="Queries">Query heads, one after another in each row.</param>
/// <param name="Causal">Row t sees keys 0 to t + <see cref="Prefix"/>, else all.</param>
/// <param name="Scale">Scores are multiplied by it.</param>
public readonly record struct AttentionBlock(int Length, int Seen, int Queries, int HeadDim, bool Causal, float Scale)
{
    /// <summary>Keys before the first row's own, that every row sees.</summary>
    public int Prefix { get; init; }

    /// <summary>First row of the first query head, and floats between rows.</summary>
    public nint Q { get; init; }

    public int QStride { get; init; }

    public nint K { get; init; }

    public nint V { get; init; }

    /// <summary>Floats between rows of keys and values, and of their gradients.</summary>
    public int KvStride { get; init; }

    /// <summary>Result [length, queries · head_dim], <see cref="QStride"/> apart; not read by the backward pass.</summary>
    public nint Output { get; init; }

    /// <summary>log Σ e^score of each row, query head after query head, <see cref="LogarithmStride"/> apart.</summary>
    public nint Logarithms { get; init; }

    public int LogarithmStride { get; init; }

    /// <summary>Gradients of the output and, written, of queries, keys and values.</summary>
    public nint OutputGradient { get; init; }

    public nint QGradient { get; init; }

    public nint KGradient { get; init; }

    public nint VGradient { get; init; }

    /// <summary>Keys that row <paramref name="row"/> sees.</summary>
    internal int SeenFrom(int row) => Causal ? Math.Min(row + 1 + Prefix, Seen) : Seen;
}
