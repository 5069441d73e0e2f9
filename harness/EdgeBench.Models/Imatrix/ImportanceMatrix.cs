namespace EdgeBench.Models.Imatrix;

/// <summary>
/// llama.cpp's importance matrix: for the input of each weight matrix the sum of squares of every column over calibration tokens. Source: llama.cpp,
/// <c>tools/imatrix</c>.
/// </summary>
public sealed record ImportanceMatrix
{
    /// <summary>By the weight's name: <c>blk.0.attn_q.weight</c>.</summary>
    public required IReadOnlyDictionary<string, ImportanceEntry> Entries { get; init; }

    /// <summary>Texts that it was computed on, as their program named them.</summary>
    public IReadOnlyList<string> Datasets { get; init; } = [];

    /// <summary>Sequences that were computed; 0 where the file does not say.</summary>
    public long ChunkCount { get; init; }

    /// <summary>Tokens of a sequence; 0 where the file does not say, as the older form never does.</summary>
    public long ChunkSize { get; init; }
}

/// <summary>Sums over what one weight read.</summary>
/// <param name="Sums">Columns of the first matrix, of the second, …; finite, from 0 up.</param>
/// <param name="Counts">Rows that each matrix read (the older form: sequences); one for each expert, usually one.</param>
public sealed record ImportanceEntry(float[] Sums, float[] Counts)
{
    public int Columns => Sums.Length / Counts.Length;

    /// <summary>Mean squares, in the order of <see cref="Sums"/>; 1 for a matrix that read nothing, as llama.cpp takes it.</summary>
    public float[] MeanSquares()
    {
        float[] means = new float[Sums.Length];
        for (int i = 0; i < means.Length; i++)
        {
            float count = Counts[i / Columns];
            means[i] = count > 0 ? Sums[i] / count : 1;
        }
        return means;
    }
}
