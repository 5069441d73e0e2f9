using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeBench.Compression.Calibration;
using EdgeBench.Compression.Grids;
using EdgeBench.Compression.Passes;
using EdgeBench.Compression.SmoothQuant;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Compression.Quantising;

/// <summary>The parts of <c>ptq</c> that work block by block: from file to file, on a calibration text where the method reads one.</summary>
internal sealed class BlockwisePtq(GgufFile input, PtqRequest request, PassContext context)
{
    private readonly GgufWeights _weights = new(input);
    private readonly Dictionary<string, TensorError> _errors = [];
    private readonly Dictionary<string, float[]> _vectors = [];
    private readonly Dictionary<string, string> _facts = [], _history = [];

    public PassReport Run(string outputPath, string pass, int version, JsonElement canonical)
    {
        RefuseEncoder();
        TensorRewrite.RefuseUnreadable(input, request.Plan);
        using LevelSpill spill = new(outputPath);
        using TensorReader reader = new(input);
        if (request.Calibrates) Calibrated(spill);
        else ModelQuantiser.Round(_weights, request.Settings, matrix => request.Grid(matrix.Columns), block => Keep(block, spill), context.Cancellation);
        _facts["peak memory"] = $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB (the whole process so far)";
        TensorRewrite.WriteFile(outputPath, Metadata(pass, version, canonical), [.. Tensors(spill, reader)]);
        return new PassReport([.. input.Tensors.Select(tensor => _errors.GetValueOrDefault(tensor.Name)).OfType<TensorError>()], _facts);
    }

    private void RefuseEncoder()
    {
        if (request.Calibrates && _weights.Architecture.IsEncoder)
        {
            throw EdgeBenchException.BadInput($"{request.Why} on the encoder '{_weights.Architecture.Name}'",
                "a causal decoder", "Use method rtn: block types, or int8 with dynamic activations.", input.Path);
        }
    }

    private void Calibrated(LevelSpill spill)
    {
        PtqParameters parameters = request.Parameters;
        DataFile text = context.File(parameters.Calibration!);
        ITokenizer tokenizer = TokenizerFactory.FromGguf(input.Metadata, input.Path);
        CalibrationTokens tokens = CalibrationText.Read(text, parameters.CalibrationOffset, tokenizer, parameters.CalibrationSequences, parameters.CalibrationLength);
        (double calibrating, double solving) = ModelQuantiser.Run(
            _weights, tokens, request.Settings, parameters.Prefix, matrix => request.Grid(matrix.Columns), block => Keep(block, spill), context.Progress, context.Cancellation);
        foreach ((string name, string value) in CalibrationText.Facts(text, parameters.CalibrationOffset, tokens)) _facts[name] = _history[name] = value;
        _facts["calibration seconds"] = $"{calibrating:0.0}";
        _facts["solve seconds"] = $"{solving:0.0}";
    }

    private void Keep(BlockResult block, LevelSpill spill)
    {
        foreach (MatrixResult matrix in block.Matrices)
        {
            spill.Add(matrix.Name, matrix.Quantised.Pack());
            if (request.IsInt8) Scales(block, matrix);
            GgufTensor tensor = input.Find(matrix.Name)!;
            _errors[matrix.Name] = new TensorError(
                matrix.Name, TypeReadback.Name(TensorRewrite.TypeOf(tensor, request.Plan)), matrix.WeightError, matrix.OutputError, request.Plan.Note(tensor));
        }
        foreach ((string name, float[] values) in block.Vectors) _vectors[name] = values;
    }

    private void Scales(BlockResult block, MatrixResult matrix)
    {
        _vectors[Int8Tensors.WeightScale(matrix.Name)] = [.. ((QuantisedMatrix)matrix.Quantised).Scales.Select(scale => scale.Scale)];
        if (request.Parameters.Activations == PtqActivations.Static)
            _vectors[Int8Tensors.InputScale(matrix.Name)] = [block.LargestInputs[matrix.Site] / ActivationRounding.Highest];
    }

    private IEnumerable<GgufTensorSource> Tensors(LevelSpill spill, TensorReader reader)
    {
        foreach (GgufTensor tensor in input.Tensors)
        {
            GgmlType type = TensorRewrite.TypeOf(tensor, request.Plan);
            if (spill.Has(tensor.Name))
            {
                yield return new GgufTensorSource(tensor.Name, type, tensor.Dimensions, output => spill.CopyTo(tensor.Name, output));
                foreach (string scale in new[] { Int8Tensors.WeightScale(tensor.Name), Int8Tensors.InputScale(tensor.Name) }.Where(_vectors.ContainsKey))
                    yield return Vector(scale, [_vectors[scale].Length]);
            }
            else if (_vectors.ContainsKey(tensor.Name)) yield return Vector(tensor.Name, tensor.Dimensions);
            else
            {
                yield return new GgufTensorSource(tensor.Name, type, tensor.Dimensions, output =>
                {
                    if (TensorRewrite.Write(input, reader, tensor, type, [], output, context.Cancellation) is { } error)
                        _errors[tensor.Name] = new TensorError(tensor.Name, TypeReadback.Name(type), error.Relative, Note: request.Plan.Note(tensor));
                });
            }
        }
    }

    private GgufTensorSource Vector(string name, IReadOnlyList<long> dimensions) =>
        new(name, GgmlType.F32, dimensions, output => output.Write(MemoryMarshal.AsBytes<float>(_vectors[name])));

    private IEnumerable<KeyValuePair<string, GgufValue>> Metadata(string pass, int version, JsonElement canonical)
    {
        Dictionary<string, GgufValue> added = [];
        if (request.IsInt8) added[Int8Tensors.ActivationsKey] = GgufValue.From(request.Parameters.Activations.ToString().ToLowerInvariant());
        return WrittenMetadata.For(input, request.Plan.Inner, pass, version, canonical, added, _history);
    }
}
