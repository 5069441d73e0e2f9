using System.Globalization;
using System.Text.Json;
using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Compression.MixedPrecision;

/// <summary>
/// A type for each matrix of the blocks, by a budget of bits and a measured sensitivity: <see cref="MixedMeasurement"/>, <see cref="SensitivityTable"/>,
/// <see cref="TypeChoice"/>. Levels are rounded with the importance of columns on the same text.
/// </summary>
public sealed class MixedPass : IPass
{
    public string Name => "mixed";

    public int Version => 1;

    public Type ParametersType => typeof(MixedParameters);

    public string Asked(JsonElement parameters)
    {
        MixedParameters read = Read(parameters);
        return string.Create(CultureInfo.InvariantCulture, $"at most {read.Bits:0.###} bits a weight of {string.Join(", ", Types(read).Select(TypeReadback.Name))}, embeddings {TypeReadback.Name(ParameterTypes.Of(read.Embeddings))}");
    }

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => [Read(parameters).Calibration];

    public long EstimateBytes(TransformerShape shape, JsonElement parameters)
    {
        MixedParameters read = Read(parameters);
        TensorPlan plan = TensorPlan.For(shape);
        bool Inner(PlannedTensor tensor) => MatrixTargets.PartOf(tensor.Name, tensor.Dimensions) == MatrixPart.Inner;
        TypePlan rest = new(GgmlType.F32, ParameterTypes.Of(read.Embeddings));
        long inner = plan.Tensors.Where(Inner).Sum(tensor => tensor.Elements);
        return plan.Bytes(tensor => rest.Feasible(tensor.Name, tensor.Dimensions)) - (4 * inner) + (long)(inner * Math.Min(read.Bits, Largest(read)) / 8);
    }

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        MixedParameters read = Read(parameters);
        DataFile text = context.File(read.Calibration);
        CalibrationTokens tokens = CalibrationText.Read(
            text, read.CalibrationOffset, TokenizerFactory.FromGguf(input.Metadata, input.Path), read.CalibrationSequences, read.CalibrationLength);
        MixedMeasurement measured = MixedMeasurement.Of(input, Types(read), tokens, Math.Min(read.ProbeSequences, read.CalibrationSequences), context.Progress, context.Cancellation);
        long elements = measured.Matrices.Sum(matrix => matrix.Elements), budget = (long)(elements * read.Bits / 8);
        IReadOnlyList<Choice> choices = TypeChoice.Choose(measured.Matrices, matrix => measured.Sensitivities.Of(matrix.Layer, matrix.Kind), budget)
            ?? throw EdgeBenchException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{read.Bits:0.###} bits a weight"),
                string.Create(CultureInfo.InvariantCulture, $"at least {8.0 * measured.Matrices.Sum(matrix => matrix.Candidates[0].Bytes) / elements:0.###} for the smallest of the types that the rows allow"),
                "Raise 'bits', or add smaller types.", input.Path);
        Dictionary<string, Choice> byName = choices.ToDictionary(choice => choice.Matrix.Name, StringComparer.Ordinal);
        GgmlType most = choices.GroupBy(choice => choice.Candidate.Type).MaxBy(group => group.Sum(choice => choice.Candidate.Bytes))!.Key;
        // Matrices that no block has loaded, such as experts, take the type that most others have.
        TypePlan plan = new(most, ParameterTypes.Of(read.Embeddings)) { Own = byName.ToDictionary(pair => pair.Key, pair => pair.Value.Candidate.Type) };
        IReadOnlyList<TensorError> errors = TensorRewrite.Run(
            input, outputPath, plan, WrittenMetadata.For(input, most, Name, Version, PassParameters.Canonical(this, parameters)), context.Cancellation,
            tensor => measured.Importance.GetValueOrDefault(tensor.Name, []));
        return new PassReport([.. errors.Select(error => byName.TryGetValue(error.Tensor, out Choice? choice) ? error with
        {
            OutputError = Math.Sqrt(choice.Candidate.OutputError),
            Note = Note(error.Note, measured.Sensitivities.Of(choice.Matrix.Layer, choice.Matrix.Kind), choice.Divergence),
        } : error)], Facts(measured, choices, budget, elements, CalibrationText.Facts(text, read.CalibrationOffset, tokens)));
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        MixedParameters read = Read(parameters);
        GgmlType[] types = Types(read);
        GgufTensor[] asked = [.. input.Tensors.Where(tensor => MatrixTargets.PartOf(tensor) == MatrixPart.Inner)];
        GgufTensor[] found = [.. asked.Select(tensor => output.Find(tensor.Name)).OfType<GgufTensor>()];
        if (found.Length == 0) return new PassReadback(Name, Asked(parameters), "the model holds no weight matrix", Applied.NotApplied);
        double bits = 8.0 * found.Sum(tensor => tensor.Bytes) / found.Sum(tensor => tensor.Elements);
        string[] groups = [.. found.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Count()).Select(group => $"{TypeReadback.Name(group.Key)} in {group.Count()}")];
        bool allowed = found.All(tensor => types.Any(type => TypePlan.Fitting(type, tensor.RowLength) == tensor.Type));
        GgmlType embedding = ParameterTypes.Of(read.Embeddings);
        bool embedded = output.Tensors.Where(tensor => MatrixTargets.PartOf(tensor) == MatrixPart.Embedding).All(tensor => tensor.Type == embedding);
        string text = string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", groups)} of {asked.Length} matrices, {bits:0.###} bits a weight{(embedded ? "" : "; embeddings of another type")}");
        bool within = bits <= read.Bits && found.Length == asked.Length && allowed;
        return new PassReadback(Name, Asked(parameters), text, within && embedded ? Applied.Fully : within ? Applied.Partly : Applied.NotApplied);
    }

    private static string Note(string? note, double sensitivity, double divergence)
    {
        string measured = string.Create(CultureInfo.InvariantCulture, $"sensitivity {sensitivity:0.###e0}, expected divergence {divergence:0.###e0} nats");
        return note is null ? measured : $"{note}; {measured}";
    }

    private static Dictionary<string, string> Facts(
        MixedMeasurement measured, IReadOnlyList<Choice> choices, long budget, long elements, IReadOnlyDictionary<string, string> calibration)
    {
        string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        long used = choices.Sum(choice => choice.Candidate.Bytes);
        return new Dictionary<string, string>(calibration)
        {
            ["budget_bytes"] = Number(budget, "0"),
            ["used_bytes"] = Number(used, "0"),
            ["used_bits"] = Number(8.0 * used / elements, "0.####"),
            ["measured_seconds"] = Number(measured.Seconds, "0.0"),
            ["divergence_by_kind"] = string.Join(", ", measured.Kinds.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Key} {Number(kind.Value, "0.####")}")),
            ["divergence_by_layer"] = string.Join(", ", measured.Layers.Select(layer => Number(layer, "0.####"))),
        };
    }

    private MixedParameters Read(JsonElement parameters)
    {
        MixedParameters read = PassParameters.Read<MixedParameters>(Name, parameters);
        if (string.IsNullOrEmpty(read.Calibration)) throw EdgeBenchException.BadInput("pass 'mixed' without 'calibration'", "the path of a text", "Add calibration: text.txt.");
        if (read.Types is not { Count: > 0 } || read.Types.Any(type => !Enum.IsDefined(type) || type is QuantisedType.Int8 or QuantisedType.Int3 or QuantisedType.Int2))
            throw EdgeBenchException.BadInput($"types [{string.Join(", ", read.Types ?? [])}] of pass 'mixed'", "one or more block formats", "Leave 'types' out for all.");
        if (read.CalibrationSequences < 1 || read.CalibrationLength < 2 || read.ProbeSequences < 1 || !(read.Bits > 0))
        {
            throw EdgeBenchException.BadInput("a parameter of pass 'mixed' out of range",
                "bits above 0, calibration_sequences and probe_sequences at least 1, calibration_length at least 2", "Correct it.");
        }
        return read;
    }

    private static GgmlType[] Types(MixedParameters read) => [.. read.Types.Select(type => ParameterTypes.Of(type)!.Value).Distinct()];

    private static double Largest(MixedParameters read) => Types(read).Max(type => 8.0 * type.Info().BlockBytes / type.Info().BlockSize);
}
