using System.Text.Json;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers;

namespace EdgeBench.Compression.FineTuning;

/// <summary>
/// Fine-tuning of a few parameters, or of all: LoRA, bottleneck adapters, prompt and prefix tuning, BitFit, full. What can be a plain model becomes one; the rest lies apart as
/// an adapter that backends run with the model.
/// </summary>
public sealed class PeftPass : IPass
{
    public string Name => "peft";

    public int Version => FineTune.PassVersion(1);

    public Type ParametersType => typeof(PeftParameters);

    public string Asked(JsonElement parameters)
    {
        PeftParameters read = Read(parameters);
        return read.Method switch
        {
            PeftMethod.Lora => FormattableString.Invariant($"lora of rank {read.Rank}, alpha {read.Alpha}, on {string.Join(", ", read.LoraTargets)}, {(read.Merge ? "merged" : "apart")}"),
            PeftMethod.Adapters => $"adapters of rank {read.Rank} after {(read.Attention ? "attention and feed-forward" : "feed-forward")}",
            PeftMethod.Prompt or PeftMethod.Prefix => $"{read.Method.ToString().ToLowerInvariant()} of {read.Tokens} tokens",
            PeftMethod.Bitfit => $"biases of {(read.Targets.Count > 0 ? string.Join(", ", read.Targets) : "all linear layers")}",
            _ => "all weights",
        };
    }

    public long EstimateBytes(TransformerShape shape, JsonElement parameters) => SizeEstimate.Of(shape, new TypePlan(GgmlType.F16, GgmlType.F16));

    public IReadOnlyList<string> DataFiles(JsonElement parameters) => Read(parameters).DataFiles;

    public string? Refuse(string format, JsonElement parameters) => format != ArtifactStore.Format && Read(parameters).IsApart
        ? $"an adapter apart ({Read(parameters).Method.ToString().ToLowerInvariant()}) is run with a GGUF file only"
        : null;

    public PassReport Apply(GgufFile input, string outputPath, JsonElement parameters, PassContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        PeftParameters read = Read(parameters);
        FineTune tune = new(input, read, context);
        int[]? start = read.Start is { } text ? TokenizerFactory.FromGguf(input.Metadata, input.Path).Encode(text, addSpecial: false, parseSpecial: false) : null;
        if (start is { Length: 0 }) throw EdgeBenchException.BadInput($"'start: {read.Start}' has no token", "a text");
        using TrainableDecoder model = tune.Model(read.Options(start));
        IReadOnlyDictionary<string, string> facts = tune.Run(model, model.Parameters, outputPath);
        JsonElement canonical = PassParameters.Canonical(this, parameters);
        IReadOnlyList<KeyValuePair<string, GgufValue>> metadata = read.Method == PeftMethod.Full ? WrittenMetadata.For(input, GgmlType.F16, Name, Version, canonical)
            : WrittenMetadata.With(input, new Dictionary<string, GgufValue>(), Name, Version, canonical);
        TensorRewrite.WriteFile(outputPath, metadata, [.. TunedTensors.Of(tune, input, model, read)]);
        if (read.IsApart) context.WriteAdapter(TunedAdapter.Of(model, read, input.Metadata.GetValueOrDefault("general.name")?.AsText() ?? ""), AdapterBase.Of(input));
        return new PassReport([], facts);
    }

    public PassReadback ReadBack(GgufFile input, GgufFile output, JsonElement parameters)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        PeftParameters read = Read(parameters);
        if (read.IsApart)
        {
            string? apart = AdapterPart.ReadBack(output);
            return new(Name, Asked(parameters), apart ?? "no adapter beside the model", apart is null ? Applied.NotApplied : Applied.Fully);
        }
        string suffix = read.Method == PeftMethod.Bitfit ? ".bias" : ".weight";
        GgufTensor[] of = [.. output.Tensors.Where(tensor => tensor.Name.EndsWith(suffix, StringComparison.Ordinal) && (suffix == ".bias" || MatrixTargets.PartOf(tensor) is MatrixPart.Inner))];
        int changed = of.Count(tensor => input.Find(tensor.Name) is not { } before || before.Type != tensor.Type || !input.Data(before).SequenceEqual(output.Data(tensor)));
        return new(Name, Asked(parameters), $"{changed} of {of.Length} {(suffix == ".bias" ? "biases" : "matrices")} are others than before", changed > 0 ? Applied.Fully : Applied.NotApplied);
    }

    private static PeftParameters Read(JsonElement parameters)
    {
        PeftParameters read = PassParameters.Read<PeftParameters>("peft", parameters);
        read.Check();
        return read;
    }
}
