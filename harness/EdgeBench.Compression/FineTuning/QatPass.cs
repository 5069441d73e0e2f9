using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Grids;
using EdgeBench.Compression.Passes;
using EdgeBench.Compression.SmoothQuant;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.FineTuning;

/// <summary>
/// Quantisation-aware training: matrices are rounded to their grid in every forward pass, gradients pass straight through (B. Jacob et al., "Quantization and Training of
/// Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, section 3), and the file holds exactly the values of the last rounding.
/// </summary>
public sealed class QatPass : IPass
{
    // Suffix of scales that are trained: parts of their matrix, no tensors of the file.
    private const string Scales = ".scales";

    public string Name => "qat";

    public int Version => FineTune.PassVersion(1);

    public Type ParametersType => typeof(QatParameters);

    public string Asked(JsonElement parameters)
    {
        QatParameters read = Read(parameters);
        return $"weights {read.Weights.ToString().ToLowerInvariant()}{(read.LearnedScales ? " with learned scales" : "")}{(read.Distil > 0 ? FormattableString.Invariant($", {read.Distil} of the loss distilled") : "")}, embeddings {TypeReadback.Name(read.Plan.Embedding)}";
    }

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) => SizeEstimate.Of(shape, Read(parameters).Plan);

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => Read(parameters).DataFiles;

    public string? Refuse(string format, JsonElement parameters) => format == ArtifactStore.Format && Read(parameters).Weights == QatWeights.Int8
        ? "int8 rows with one scale each are no type that runtimes of GGUF know; ONNX Runtime runs them"
        : null;

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        QatParameters read = Read(parameters);
        FineTune tune = new(input, read, context);
        using TrainableDecoder student = tune.Model(new()
        {
            // Rows that are no whole groups stay float16, as with any quantisation.
            Grid = name => (name.Contains(".layers.", StringComparison.Ordinal) ? read.Grid : read.EmbeddingGrid) is { } grid
                && tune.Tensors.Find(name) is { } tensor && (grid.Group == 0 || tensor.RowLength % grid.Group == 0) ? grid : null,
            LearnedScales = read.LearnedScales ? new() : null,
        });
        using TrainableDecoder? teacher = read.Distil > 0 ? tune.Model(new() { Frozen = true, HalfFrozen = true }) : null;
        ITrainable trained = teacher is null ? student : new DistilledModel(student, teacher, new(read.Distil, read.Temperature));
        IReadOnlyDictionary<string, string> facts = tune.Run(trained, student.Parameters, outputPath);
        Dictionary<string, GgufValue> added = read.Weights == QatWeights.Int8 ? new() { [Int8Tensors.ActivationsKey] = GgufValue.From("none") } : [];
        List<TensorError> errors = [];
        TensorRewrite.WriteFile(outputPath, WrittenMetadata.For(input, read.Plan.Inner, Name, Version, PassParameters.Canonical(this, parameters), added, facts),
            [.. student.Parameters.Where(parameter => !parameter.Name.EndsWith(Scales, StringComparison.Ordinal)).SelectMany(parameter => Written(tune, read, student, parameter, errors))]);
        return new PassReport(errors, facts);
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters)
    {
        ArgumentNullException.ThrowIfNull(output);
        QatParameters read = Read(parameters);
        PassReadback types = TypeReadback.Of(Name, Asked(parameters), read.Plan, input, output);
        if (read.Weights == QatWeights.Int8) return Int8Tensors.ReadBack(types, output, PtqActivations.None);
        return read.Weights switch { QatWeights.Int3 => FewLevels.ReadBack(types, output, 3), QatWeights.Int2 => FewLevels.ReadBack(types, output, 1), _ => types };
    }

    private static IEnumerable<GgufTensorSource> Written(FineTune tune, QatParameters read, TrainableDecoder student, Parameter parameter, List<TensorError> errors)
    {
        GgufTensorSource floats = tune.Tensors.Source(parameter.Name, parameter.Shape, parameter.ToArray, GgmlType.F32);
        if (MatrixTargets.PartOf(floats.Name, floats.Dimensions) is not { } part)
        {
            yield return floats;
            yield break;
        }
        GgmlType type = TypePlan.Fitting(part == MatrixPart.Inner ? read.Plan.Inner : read.Plan.Embedding, floats.Dimensions[0]);
        if (student.OnGrid(parameter.Name) is not { } grid)
        {
            yield return tune.Tensors.Source(parameter.Name, parameter.Shape, parameter.ToArray, type);
            yield break;
        }
        QuantisedMatrix matrix = GridTensor.Of(grid, tune.Tensors.RowOrder(parameter.Name, parameter.Shape[0]));
        errors.Add(new TensorError(floats.Name, TypeReadback.Name(type), Quantising.WeightError.Of(parameter.Values, grid.Dequantised()), Note: "against the trained weights before rounding"));
        yield return new GgufTensorSource(floats.Name, type, floats.Dimensions, stream => stream.Write(matrix.Pack()));
        if (type == GgmlType.I8)
        {
            float[] scales = [.. matrix.Scales.Select(scale => scale.Scale)];
            yield return new GgufTensorSource(Int8Tensors.WeightScale(floats.Name), GgmlType.F32, [scales.Length], stream => stream.Write(MemoryMarshal.AsBytes(scales.AsSpan())));
        }
    }

    private static QatParameters Read(JsonElement parameters)
    {
        QatParameters read = PassParameters.Read<QatParameters>("qat", parameters);
        read.Check();
        return read;
    }
}
