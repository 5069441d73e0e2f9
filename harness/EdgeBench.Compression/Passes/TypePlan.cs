using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>The tensor types that a pass asks for.</summary>
/// <param name="Inner">Of attention and feed-forward matrices.</param>
/// <param name="Embedding">Of the token embedding and the output head.</param>
internal sealed record TypePlan(GgmlType Inner, GgmlType Embedding)
{
    /// <summary>What is asked of a tensor; null for one that keeps float32.</summary>
    public GgmlType? Asked(string name, IReadOnlyList<long> dimensions) => MatrixTargets.PartOf(name, dimensions) switch
    {
        MatrixPart.Inner => Inner,
        MatrixPart.Embedding => Embedding,
        _ => null,
    };

    /// <summary>
    /// What a tensor can become: rows that do not divide into the asked type's blocks are stored as F16, which reading back reports.
    /// </summary>
    public GgmlType Feasible(string name, IReadOnlyList<long> dimensions) =>
        Asked(name, dimensions) is not { } asked ? GgmlType.F32
        : dimensions[0] % asked.Info().BlockSize == 0 ? asked
        : GgmlType.F16;
}
