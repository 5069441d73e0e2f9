using System.Text.Json;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.FineTuning;
using EdgeBench.Compression.Importance;
using EdgeBench.Compression.Quantising;
using EdgeBench.Compression.SmoothQuant;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Imatrix;

namespace EdgeBench.Compression.Passes;

/// <summary>
/// Post-training quantisation: round to nearest, GPTQ or AWQ to GGUF's block formats, and int8 with a scale for each row (SmoothQuant's W8A8).
/// Rounding to nearest is llama.cpp's reference rounding and searches (<see cref="EdgeBench.Kernels.Quantisation"/>). <c>embeddings: auto</c> keeps
/// the embedding and the head at Q8_0. llama.cpp keeps the head of a Q4_0 file at Q6_K, where 256 divides its rows, and the embedding of an untied
/// model at Q4_0: this is larger, and asks nothing of the row length but 32. Rows that do not divide into blocks take the types of
/// <see cref="TypePlan.Fitting"/>.
/// </summary>
public sealed class PtqPass : IPass
{
    public string Name => "ptq";

    public int Version => 2;

    public Type ParametersType => typeof(PtqParameters);

    public string Asked(JsonElement parameters)
    {
        PtqRequest request = PtqRequest.Read(parameters);
        PtqParameters read = request.Parameters;
        string method = read.Method.ToString().ToLowerInvariant() + (read.Importance is null ? "" : " with importance");
        string activations = read.Activations == PtqActivations.None ? "" : $", activations int8 {read.Activations.ToString().ToLowerInvariant()}";
        string smooth = read.Smooth is { } alpha ? FormattableString.Invariant($", smoothed with alpha {alpha}") : "";
        return $"weights {read.Weights.ToString().ToLowerInvariant()} by {method}{activations}{smooth}, embeddings {TypeReadback.Name(request.Plan.Embedding)}";
    }

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) => SizeEstimate.Of(shape, PtqRequest.Read(parameters).Plan);

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => PtqRequest.Read(parameters).DataFiles;

    // They lie in a GGUF file between passes, but no runtime of that format computes with them.
    public string? Refuse(string format, JsonElement parameters) => format == ArtifactStore.Format && PtqRequest.Read(parameters).IsInt8
        ? "int8 rows with one scale each are no type that runtimes of GGUF know; ONNX Runtime runs them"
        : null;

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        PtqRequest request = PtqRequest.Read(parameters);
        JsonElement canonical = PassParameters.Canonical(this, parameters);
        if (!request.IsPlain) return new BlockwisePtq(input, request, context).Run(outputPath, Name, Version, canonical);
        PassReport report = PassReport.Empty;
        ImportanceWeights? importance = null;
        if (request.Parameters.Importance is { } written)
        {
            DataFile file = context.File(written);
            ImportanceMatrix matrix = ImportanceFile.Read(file.Path);
            importance = ImportanceWeights.Of(input, matrix, file.Path);
            report = report with { Facts = ImportanceFacts.Of(matrix, importance, file) };
        }
        return report with
        {
            Tensors = TensorRewrite.Run(
                input, outputPath, request.Plan, WrittenMetadata.For(input, request.Plan.Inner, Name, Version, canonical), context.Cancellation,
                importance is null ? null : importance.For),
        };
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters)
    {
        PtqRequest request = PtqRequest.Read(parameters);
        PassReadback read = TypeReadback.Of(Name, Asked(parameters), request.Plan, input, output);
        if (request.FewLevels is { } top) return FewLevels.ReadBack(read, output, top);
        return request.IsInt8 ? Int8Tensors.ReadBack(read, output, request.Parameters.Activations) : read;
    }
}
