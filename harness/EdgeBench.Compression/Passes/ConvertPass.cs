using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Unquantised types that weights can be stored as.</summary>
public enum FloatType
{
    F32,
    F16,
    BF16,
}

/// <summary>Parameters of <c>convert</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ConvertParameters
{
    [Description("Type of every weight matrix; norms and biases stay f32.")]
    public FloatType Weights { get; init; } = FloatType.F16;
}

/// <summary>
/// Stores every matrix as one float type. Quantised input is dequantised exactly to float32 and then rounded to nearest, ties to even.
/// </summary>
public sealed class ConvertPass : IPass
{
    public string Name => "convert";

    public int Version => 1;

    public Type ParametersType => typeof(ConvertParameters);

    public string Asked(JsonElement parameters) => $"weights {TypeReadback.Name(Plan(parameters).Inner)}";

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) => SizeEstimate.Of(shape, Plan(parameters));

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TypePlan plan = Plan(parameters);
        return PassReport.Empty with
        {
            Tensors = TensorRewrite.Run(
                input, outputPath, plan, WrittenMetadata.For(input, plan.Inner, Name, Version, PassParameters.Canonical(this, parameters)), context.Cancellation),
        };
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters) =>
        TypeReadback.Of(Name, Asked(parameters), Plan(parameters), input, output);

    private TypePlan Plan(JsonElement parameters)
    {
        GgmlType type = PassParameters.Read<ConvertParameters>(Name, parameters).Weights switch
        {
            FloatType.F32 => GgmlType.F32,
            FloatType.F16 => GgmlType.F16,
            _ => GgmlType.BF16,
        };
        return new TypePlan(type, type);
    }
}
