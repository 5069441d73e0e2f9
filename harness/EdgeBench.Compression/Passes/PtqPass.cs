using System.Text.Json;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>
/// Post-training quantisation to GGUF's block formats, by llama.cpp's reference rounding and searches (<see cref="EdgeBench.Kernels.Quantisation"/>).
/// <c>embeddings: auto</c> keeps the embedding and the head at Q8_0. llama.cpp keeps the head of a Q4_0 file at Q6_K, where 256 divides its rows, and
/// the embedding of an untied model at Q4_0: this is larger, and asks nothing of the row length but 32. Rows that do not divide into blocks take the
/// types of <see cref="TypePlan.Fitting"/>.
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
        PtqParameters read = PassParameters.Read<PtqParameters>(Name, parameters);
        GgmlType inner = ParameterTypes.Of(read.Weights)
            ?? throw EdgeBenchException.BadInput("weights int8 by rtn", "a block format", "Use weights q8_0, which has a scale for every 32 weights.");
        return new TypePlan(inner, ParameterTypes.Of(read.Embeddings));
    }
}
