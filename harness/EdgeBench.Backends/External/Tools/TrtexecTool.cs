using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeBench.Backends.External.Figures;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.External.Tools;

/// <summary>
/// TensorRT's trtexec: every inference from the file of <c>--exportTimes</c>, the rate and a second account of the means from the text. Where the two
/// differ, one of them is not understood, and neither counts.
/// </summary>
internal sealed partial class TrtexecTool : IExternalTool
{
    public const string TimesFile = "times.json";

    private const int MaxTimesBytes = 64 << 20;

    public string Name => "trtexec";

    public string FormatOf(ExternalOptions options) => "onnx";

    public string? WhyNot(ExternalOptions options, WorkloadShape shape) =>
        shape.IsInference ? null : "trtexec runs a whole graph with its declared inputs, not tokens: take the workload 'inference'";

    public IReadOnlyList<Metric> Metrics(ExternalOptions options, WorkloadShape shape) => [MetricRegistry.Inference, MetricRegistry.DeviceCompute, MetricRegistry.InferenceRate];

    public IReadOnlyList<string> Arguments(ToolCall call, IReadOnlyList<string> declared)
    {
        // It takes whole seconds, and stops when both the count and the time are reached.
        int seconds = (int)Math.Ceiling(Math.Min(call.Sampling.MinDuration, int.MaxValue));
        return
        [
            .. declared, $"--onnx={call.Model}", FormattableString.Invariant($"--iterations={call.Repetitions}"), FormattableString.Invariant($"--duration={seconds}"),
            $"--exportTimes={Path.Combine(call.Folder, TimesFile)}", .. call.Sampling.Warmup == 0 ? new[] { "--warmUp=0" } : [],
        ];
    }

    public ToolReport Read(ToolOutput output, ToolCall call)
    {
        string text = output.Output;
        double rate = Numbers.Positive(One(Throughput().Matches(text), "Throughput: … qps").Groups["value"].Value, "Throughput");
        double wall = Numbers.Positive(One(Walltime().Matches(text), "Total Host Walltime: … s").Groups["value"].Value, "Total Host Walltime");
        Summary latency = Summarised(text, "Latency"), compute = Summarised(text, "GPU Compute Time");
        IReadOnlyList<JsonElement> times = JsonRecords.Array(ReadTimes(call.Folder), TimesFile);
        if (times.Count < call.Repetitions) throw new ToolOutputException($"{times.Count} inferences in {TimesFile}; asked for {call.Repetitions}");
        double[] latencies = Column(times, "latencyMs"), computes = Column(times, "computeMs");
        Check(latencies, latency, "latencyMs");
        Check(computes, compute, "computeMs");
        return new ToolReport
        {
            Figures =
            [
                new(MetricRegistry.Inference, latencies, "latencyMs: input transfer, GPU compute and output transfer of one inference; the tool's warm-up left out"),
                new(MetricRegistry.DeviceCompute, computes, "computeMs: GPU time between the start and the end of one inference's kernels"),
                new(MetricRegistry.InferenceRate, [rate], "Throughput: inferences over the host's wall time, transfers overlapped with compute"),
            ],
            Repetitions = latencies.Length,
            Seconds = wall,
            NoRawSamples = null,
            Facts = new Dictionary<string, string>
            {
                ["tool_version"] = Version().Match(text) is { Success: true } version ? version.Groups["value"].Value : "not told",
                ["threads"] = "not used: trtexec computes on the accelerator",
            },
            Warnings = [.. Unstable().Matches(text).Select(match => Numbers.Excerpt(match.Groups["text"].Value.Trim())).Distinct().Take(8)],
        };
    }

    /// <summary>
    /// All inferences as one stretch, because they may overlap: the seconds of "Timing trace has … queries", which ends as that line comes and lies behind "Starting inference".
    /// </summary>
    public RunTimes When(ToolOutput output, ToolCall call, ToolReport report)
    {
        ArrivedLine[] starts = [.. output.OutputLines.Where(line => line.Text.EndsWith("Starting inference", StringComparison.Ordinal))];
        (ArrivedLine Line, Match Match)[] traces = [.. output.OutputLines.Select(line => (line, Traced().Match(line.Text))).Where(pair => pair.Item2.Success)];
        if (starts.Length != 1 || traces.Length != 1) return RunTimes.Unknown("no line 'Starting inference' or 'Timing trace has … queries over … s', or more than one");
        double end = traces[0].Line.At, wall = report.Seconds!.Value;
        if (traces[0].Match.Groups["count"].Value != Numbers.Text(report.Repetitions)) return RunTimes.Unknown($"its trace has {traces[0].Match.Groups["count"].Value} queries and {TimesFile} {report.Repetitions}");
        return end - wall < starts[0].At - 0.05
            ? RunTimes.Unknown("its lines came later than what they tell of: the program holds its output back")
            : RunTimes.Of([new TimedPart(end - wall, end, report.Repetitions, null)], output.Seconds, "Total Host Walltime, up to the arrival of the line 'Timing trace has … queries'");
    }

    private static string ReadTimes(string folder)
    {
        FileInfo file = new(Path.Combine(folder, TimesFile));
        try
        {
            if (!file.Exists || file.LinkTarget is not null) throw new ToolOutputException($"it wrote no {TimesFile}");
            if (file.Length > MaxTimesBytes) throw new ToolOutputException($"{TimesFile} has {file.Length} bytes; expected at most {MaxTimesBytes}");
            return File.ReadAllText(file.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolOutputException($"{TimesFile} cannot be read: {exception.Message}", exception);
        }
    }

    private static double[] Column(IReadOnlyList<JsonElement> times, string key) =>
        [.. times.Select((time, i) => Numbers.Positive(time.TryGetProperty(key, out JsonElement value) ? value : throw new ToolOutputException($"{TimesFile} [{i}] has no '{key}'"), $"{TimesFile} [{i}] {key}"))];

    // The text is rounded, and its largest and smallest are those of the list.
    private static void Check(double[] values, Summary told, string key)
    {
        const double Rounding = 0.01;
        Numbers.Agree(values.Average(), told.Mean, Rounding, $"the mean of {key} and the text's");
        Numbers.Agree(values.Min(), told.Min, Rounding, $"the least {key} and the text's");
        Numbers.Agree(values.Max(), told.Max, Rounding, $"the largest {key} and the text's");
    }

    private static Summary Summarised(string text, string name)
    {
        Match match = One([.. Summaries().Matches(text).Where(match => match.Groups["name"].Value == name)], $"{name}: min = … ms, max = … ms, mean = … ms");
        return new Summary(Value("min"), Value("max"), Value("mean"));

        double Value(string part) => Numbers.Positive(match.Groups[part].Value, $"{name} {part}");
    }

    private static Match One(IReadOnlyCollection<Match> matches, string line) =>
        matches.Count == 1 ? matches.First() : throw new ToolOutputException($"{matches.Count} lines '{line}'; expected 1");

    private sealed record Summary(double Min, double Max, double Mean);

    [GeneratedRegex(@"\bTiming trace has (?<count>[0-9]{1,12}) queries over [0-9.eE+-]{1,16} s\s*$")]
    private static partial Regex Traced();

    [GeneratedRegex(@"\bThroughput: (?<value>\S{1,32}) qps\s*$", RegexOptions.Multiline)]
    private static partial Regex Throughput();

    [GeneratedRegex(@"\bTotal Host Walltime: (?<value>\S{1,32}) s\s*$", RegexOptions.Multiline)]
    private static partial Regex Walltime();

    [GeneratedRegex(@"(?:^|\] )(?<name>Latency|GPU Compute Time): min = (?<min>\S{1,32}) ms, max = (?<max>\S{1,32}) ms, mean = (?<mean>\S{1,32}) ms,", RegexOptions.Multiline)]
    private static partial Regex Summaries();

    [GeneratedRegex(@"\[TensorRT (?<value>v[0-9.]{1,16})\]")]
    private static partial Regex Version();

    [GeneratedRegex(@"\[W\] \* (?<text>[^\r\n]{1,200})")]
    private static partial Regex Unstable();
}
