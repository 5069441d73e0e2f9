using EdgeBench.Models.Architectures;

namespace EdgeBench.Engine.Inference.Loading;

/// <summary>
/// Row order of queries and keys. Files of the architecture <c>llama</c> turn elements (2j, 2j + 1) of a head; packed, all models turn (j, j + pairs), so
/// that rotary embedding works on whole vectors. Queries and keys change alike, which leaves their products as they are.
/// </summary>
/// <param name="HeadDim">Rows of a head.</param>
/// <param name="Rotated">Rows of a head that turn; 0 keeps the file's order.</param>
internal readonly record struct HeadOrder(int HeadDim, int Rotated)
{
    public static HeadOrder AsStored => new(1, 0);

    /// <summary>That of a model's queries and keys.</summary>
    public static HeadOrder Of(ModelArchitecture architecture) => architecture.Rope == RopeLayout.Interleaved ? new(architecture.HeadDim, architecture.RopeDimensions) : AsStored;

    public bool IsStored => Rotated == 0;

    /// <summary>The file's row that stands at <paramref name="row"/>.</summary>
    public int Source(int row)
    {
        int inHead = row % HeadDim, pairs = Rotated / 2;
        if (inHead >= Rotated) return row;
        return row - inHead + (inHead < pairs ? 2 * inHead : (2 * (inHead - pairs)) + 1);
    }

    /// <summary>Elements of each row of that width in the new order.</summary>
    public float[] ApplyToRows(float[] values, int width)
    {
        if (IsStored) return values;
        float[] ordered = new float[values.Length];
        for (int i = 0; i < values.Length; i++) ordered[i] = values[i - (i % width) + Source(i % width)];
        return ordered;
    }

    /// <summary>Values in the new order.</summary>
    public float[] Apply(float[] values)
    {
        if (IsStored) return values;
        float[] ordered = new float[values.Length];
        for (int row = 0; row < values.Length; row++) ordered[row] = values[Source(row)];
        return ordered;
    }
}
