using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.External;

/// <summary>Options of the <c>external</c> backend.</summary>
public sealed record ExternalOptions
{
    [Description("What the program is: it decides the arguments that it gets and how its output is read."), AllowedValues("llama-bench", "benchmark_model", "trtexec", "onnxruntime_perf_test", "json-lines")]
    public string Tool { get; init; } = "llama-bench";

    [Description("Name of the program in the device's own list (external.json); left out, the tool's name.")]
    public string? Program { get; init; }

    [Description("Format of the artifacts that a json-lines program runs; the other tools have one of their own."), AllowedValues("gguf", "onnx", "tflite")]
    public string? Format { get; init; }

    [Description("Further arguments, one each; for json-lines with {model}, {threads}, {prompt}, {generate}, {depth} and {repetitions}. The device's list must allow them.")]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    [Description("For json-lines: which number of each line is which metric.")]
    public IReadOnlyList<FigureMapping> Figures { get; init; } = [];

    [Description("For json-lines: path of the seconds that a line's repetition took; left out, the sampled time is not known and the cell says so. Energy needs it, and each line printed and flushed right after its repetition.")]
    public string? Seconds { get; init; }

    internal string Entry => Program ?? Tool;

    /// <summary>Throws <see cref="TrialException"/> for what is no such record: options also come over the wire.</summary>
    internal static ExternalOptions Of(JsonElement options)
    {
        if (options.ValueKind == JsonValueKind.Undefined) return new();
        try
        {
            ExternalOptions read = options.Deserialize<ExternalOptions>(EdgeBenchJson.Options) ?? new();
            bool whole = read is { Tool: not null, Arguments: not null, Figures: not null } && read.Arguments.All(argument => argument is not null)
                && read.Figures.All(figure => figure is { Path: not null, Metric: not null, Unit: not null, Definition: not null });
            return whole ? read : throw new TrialException(FailureKind.Unsupported, "options of 'external' that are incomplete", "Give every part of them.");
        }
        catch (JsonException exception)
        {
            throw new TrialException(new TrialFailure(FailureKind.Unsupported, $"options of 'external' that cannot be understood: {exception.Message}"), exception);
        }
    }
}

/// <summary>One number in a program's line of JSON.</summary>
public sealed record FigureMapping
{
    [Description("Where it stands: names and [indices] from the top, such as timings.decode_ms or runs[0].rate; a list there is several readings.")]
    public required string Path { get; init; }

    [Description("The metric that it is, such as decode_tok_s.")]
    public required string Metric { get; init; }

    [Description("The program's unit: ns, us, ms, s, B, KB, MB, GB, KiB, MiB, GiB, tok/s, inf/s; converted to the metric's.")]
    public required string Unit { get; init; }

    [Description("What the number is multiplied by to be in that unit."), Range(1e-15, 1e15)]
    public double Scale { get; init; } = 1;

    [Description("What exactly the program measures; stands beside the figure in every report.")]
    public required string Definition { get; init; }
}
