using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Block formats that weights can be quantised to.</summary>
public enum QuantisedType
{
    Q8_0,
    Q4_0,
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
}

/// <summary>Parameters of <c>ptq</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PtqParameters
{
    [Description("Type of attention and feed-forward matrices; norms and biases stay f32.")]
    public QuantisedType Weights { get; init; } = QuantisedType.Q8_0;

    [Description("How levels are chosen: rtn rounds to nearest.")]
    public PtqMethod Method { get; init; } = PtqMethod.Rtn;

    [Description("Type of the token embedding and the output head; auto is q8_0 for either type of weights.")]
    public EmbeddingType Embeddings { get; init; } = EmbeddingType.Auto;
}

/// <summary>
/// Post-training quantisation to GGUF's block formats, by llama.cpp's reference rounding (<c>quantize_row_q8_0_ref</c>,
/// <c>quantize_row_q4_0_ref</c>). <c>embeddings: auto</c> keeps the embedding and the head at Q8_0. llama.cpp keeps the head of a Q4_0 file at
/// Q6_K, where 256 divides its rows, and the embedding of an untied model at Q4_0: this is larger, and asks nothing of the row length but 32.
/// Rows that 32 does not divide become F16.
/// </summary>
public sealed class PtqPass : IPass
{
    public string Name => "ptq";

    public int Version => 1;

    public Type ParametersType => typeof(PtqParameters);

    public string Asked(JsonElement parameters)
    {
        PtqParameters read = PassParameters.Read<PtqParameters>(Name, parameters);
        TypePlan plan = Plan(parameters);
        string method = read.Method.ToString().ToLowerInvariant();
        return $"weights {TypeReadback.Name(plan.Inner)} by {method}, embeddings {TypeReadback.Name(plan.Embedding)}";
    }

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) => SizeEstimate.Of(shape, Plan(parameters));

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TypePlan plan = Plan(parameters);
        TensorRewrite.Run(
            input, outputPath, plan, WrittenMetadata.For(input, plan.Inner, Name, Version, PassParameters.Canonical(this, parameters)), context.Cancellation);
        return PassReport.Empty;
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters) =>
        TypeReadback.Of(Name, Asked(parameters), Plan(parameters), input, output);

    private TypePlan Plan(JsonElement parameters)
    {
        PtqParameters read = PassParameters.Read<PtqParameters>(Name, parameters);
        return new TypePlan(
            read.Weights == QuantisedType.Q8_0 ? GgmlType.Q8_0 : GgmlType.Q4_0,
            read.Embeddings switch
            {
                EmbeddingType.F16 => GgmlType.F16,
                EmbeddingType.Q4_0 => GgmlType.Q4_0,
                _ => GgmlType.Q8_0,
            });
    }
}
