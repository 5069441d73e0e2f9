using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>The tensor types that a pass asks for.</summary>
/// <param name="Inner">Of attention and feed-forward matrices.</param>
/// <param name="Embedding">Of the token embedding and the output head.</param>
internal sealed record TypePlan(GgmlType Inner, GgmlType Embedding)
{
    /// <summary>Types of single tensors, by name, before <see cref="Inner"/> and <see cref="Embedding"/>.</summary>
    public IReadOnlyDictionary<string, GgmlType> Own { get; init; } = new Dictionary<string, GgmlType>();

    /// <summary>What is asked of a tensor; null for one that keeps float32.</summary>
    public GgmlType? Asked(string name, IReadOnlyList<long> dimensions) => MatrixTargets.PartOf(name, dimensions) switch
    {
        { } when Own.TryGetValue(name, out GgmlType own) => own,
        MatrixPart.Inner => Inner,
        MatrixPart.Embedding => Embedding,
        _ => null,
    };

    /// <summary>What a tensor can become, which is not always what is asked: see <see cref="Fitting"/>. Reading back reports the difference.</summary>
    public GgmlType Feasible(string name, IReadOnlyList<long> dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        return Asked(name, dimensions) is { } asked ? Fitting(asked, dimensions[0]) : GgmlType.F32;
    }

    /// <summary>
    /// The type for rows of a length: where they do not divide into blocks of 256, Q5_0 for Q4_K, Q5_1 for Q5_K, Q8_0 for Q6_K; where they do not
    /// divide into 32 either, F16. Rule: llama.cpp, <c>tensor_type_fallback</c>.
    /// </summary>
    public static GgmlType Fitting(GgmlType asked, long columns)
    {
        if (columns % asked.Info().BlockSize == 0) return asked;
        GgmlType second = asked switch
        {
            GgmlType.Q4_K => GgmlType.Q5_0,
            GgmlType.Q5_K => GgmlType.Q5_1,
            GgmlType.Q6_K => GgmlType.Q8_0,
            _ => GgmlType.F16,
        };
        return columns % second.Info().BlockSize == 0 ? second : GgmlType.F16;
    }

    /// <summary>Why a tensor became another type than asked, or null.</summary>
    public string? Note(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (Asked(tensor.Name, tensor.Dimensions) is not { } asked || Fitting(asked, tensor.RowLength) is var found && found == asked) return null;
        return $"{tensor.RowLength} columns do not divide by {asked.Info().BlockSize}: {TypeReadback.Name(found)} in place of {TypeReadback.Name(asked)}";
    }
}
