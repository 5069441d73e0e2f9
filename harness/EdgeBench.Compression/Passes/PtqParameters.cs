using System.ComponentModel;
using System.Text.Json.Serialization;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Formats that weights can be quantised to: GGUF's block formats, and int8 with one scale a row.</summary>
public enum QuantisedType
{
    Q8_0,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q4_K,
    Q5_K,
    Q6_K,
    Int8,
}

/// <summary>How levels are chosen.</summary>
public enum PtqMethod
{
    /// <summary>Round to nearest.</summary>
    Rtn,
}

/// <summary>Types that the token embedding and the output head can get.</summary>
public enum EmbeddingType
{
    Auto,
    F16,
    Q8_0,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q6_K,
}

/// <summary>Parameters of <c>ptq</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PtqParameters
{
    [Description("Type of attention and feed-forward matrices; norms and biases stay f32.")]
    public QuantisedType Weights { get; init; } = QuantisedType.Q8_0;

    [Description("How levels are chosen: rtn rounds to nearest.")]
    public PtqMethod Method { get; init; } = PtqMethod.Rtn;

    [Description("Type of the token embedding and the output head; auto is q8_0 for every type of weights.")]
    public EmbeddingType Embeddings { get; init; } = EmbeddingType.Auto;
}

/// <summary>The tensor types that parameters name.</summary>
internal static class ParameterTypes
{
    /// <summary>Null for int8, which is no type of GGUF's.</summary>
    public static GgmlType? Of(QuantisedType type) => type == QuantisedType.Int8 ? null : Enum.Parse<GgmlType>(type.ToString());

    /// <summary><c>auto</c> is Q8_0.</summary>
    public static GgmlType Of(EmbeddingType type) => type == EmbeddingType.Auto ? GgmlType.Q8_0 : Enum.Parse<GgmlType>(type.ToString());
}
