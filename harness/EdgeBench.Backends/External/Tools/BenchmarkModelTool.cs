using System.Text.RegularExpressions;
using EdgeBench.Backends.External.Figures;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.External.Tools;

/// <summary>
/// TensorFlow Lite's benchmark_model: a log whose last <c>count=</c> line describes the measured runs in microseconds. Delegates (Edge TPU, GPU, one in
/// a library) come as arguments; the log says whether they ran the graph, which decides whether they count as applied.
/// </summary>
internal sealed partial class BenchmarkModelTool : IExternalTool
{
    // Between runs it resets inputs, and sleeps where it is told to: above this share the stretch is no longer that of the runs.
    private const double MostPause = 0.1;

    public string Name => "benchmark_model";

    public string FormatOf(ExternalOptions options) => "tflite";

    public string? WhyNot(ExternalOptions options, WorkloadShape shape) =>
        shape.IsInference ? null : "benchmark_model runs a whole graph with its declared inputs, not tokens: take the workload 'inference'";

    public IReadOnlyList<Metric> Metrics(ExternalOptions options, WorkloadShape shape) => [MetricRegistry.InferenceMean];

    public IReadOnlyList<string> Arguments(ToolCall call, IReadOnlyList<string> declared) =>
    [
        .. declared, $"--graph={call.Model}", FormattableString.Invariant($"--num_threads={call.Threads}"), FormattableString.Invariant($"--num_runs={call.Repetitions}"),
        FormattableString.Invariant($"--min_secs={call.Sampling.MinDuration}"), FormattableString.Invariant($"--max_secs={call.Sampling.MaxDuration}"),
        FormattableString.Invariant($"--warmup_runs={call.Sampling.Warmup}"), "--report_peak_memory_footprint=true",
    ];

    public ToolReport Read(ToolOutput output, ToolCall call)
    {
        string text = output.Output + output.Errors;
        if (Timings().Matches(text) is not [var timings]) throw new ToolOutputException("no line 'Inference timings in us: … Inference (avg): …', or more than one");
        double mean = Numbers.Positive(timings.Groups["mean"].Value, "Inference (avg)");
        if (Runs().Matches(text[..timings.Index]).LastOrDefault() is not { } runs) throw new ToolOutputException("no line 'count=…' before the timings");
        int count = Numbers.Count(runs.Groups["count"].Value, "count");
        Dictionary<string, string> fields = [];
        foreach (Match field in Fields().Matches(runs.Value))
        {
            if (!fields.TryAdd(field.Groups["name"].Value, field.Groups["value"].Value)) throw new ToolOutputException($"'{field.Groups["name"].Value}' twice in one line of runs");
        }
        // Of a single run it prints that run and no mean.
        string printed = fields.GetValueOrDefault("avg") ?? (count == 1 ? fields.GetValueOrDefault("curr") : null) ?? throw new ToolOutputException("no 'avg' in the last line of runs");
        Numbers.Agree(Numbers.Positive(printed, "avg"), mean, 0.001, "avg of the last runs and Inference (avg)");

        List<ImportedFigure> figures = [new(MetricRegistry.InferenceMean, [mean / 1e3], $"Inference (avg): mean of {count} runs after the tool's own warm-up, the graph's invocation alone")];
        if (fields.GetValueOrDefault("median") is { } median) figures.Add(new(MetricRegistry.InferenceP50, [Numbers.Positive(median, "median") / 1e3], $"median of {count} runs"));
        if (fields.GetValueOrDefault("p95") is { } p95) figures.Add(new(MetricRegistry.InferenceP95, [Numbers.Positive(p95, "p95") / 1e3], $"p95 of {count} runs"));
        return new ToolReport
        {
            Figures = figures,
            Repetitions = count,
            Seconds = count * mean / 1e6,
            NoRawSamples = $"it prints a summary of its {count} runs",
            Facts = Facts(text, timings, fields),
            NotApplied =
            [
                .. Unused().Matches(text).Select(match => $"{match.Groups["name"].Value} delegate: it executes nothing of the graph")
                    .Concat(Applied().Matches(text).Where(match => match.Groups["how"].Value == "partially").Select(match => $"{match.Groups["name"].Value} delegate: it executes only part of the graph")).Distinct(),
            ],
        };
    }

    /// <summary>All measured runs as one stretch: between the line that announces them and the line that sums them up.</summary>
    public RunTimes When(ToolOutput output, ToolCall call, ToolReport report)
    {
        IReadOnlyList<ArrivedLine> lines = output.OutputLines.Any(line => Runs().IsMatch(line.Text)) ? output.OutputLines : output.ErrorLines;
        int summed = Last(lines, lines.Count, Runs()), announced = Last(lines, summed, Announced());
        if (announced < 0) return RunTimes.Unknown("no line 'Running benchmark for at least …' before 'count=…'");
        (double from, double to, double busy) = (lines[announced].At, lines[summed].At, report.Seconds!.Value);
        // Too short a stretch would flatter its energy.
        if (busy > (to - from) * 1.02) return RunTimes.Unknown($"its runs took {busy:0.00} s and their lines came {to - from:0.00} s apart: the program holds its output back");
        double pause = 1 - (busy / (to - from));
        return pause > MostPause
            ? RunTimes.Unknown($"{pause:0%} of the time between its lines it does something else than runs")
            : RunTimes.Of([new TimedPart(from, to, report.Repetitions, null)], output.Seconds, "from the arrival of the line that announces the runs to that of the line that sums them up");
    }

    private static int Last(IReadOnlyList<ArrivedLine> lines, int before, Regex pattern)
    {
        int at = before - 1;
        while (at >= 0 && !pattern.IsMatch(lines[at].Text)) at--;
        return at;
    }

    private static Dictionary<string, string> Facts(string text, Match timings, Dictionary<string, string> fields)
    {
        Dictionary<string, string> facts = new() { ["tool_init_us"] = timings.Groups["init"].Value, ["tool_first_inference_us"] = timings.Groups["first"].Value };
        foreach (string name in new[] { "min", "max", "std" })
            if (fields.GetValueOrDefault(name) is { } value) facts[$"tool_{name}_us"] = value;
        if (Peak().Match(text) is { Success: true } peak) facts["tool_peak_memory"] = $"{peak.Groups["value"].Value} MB via periodic monitoring";
        string[] delegates = [.. Applied().Matches(text).Select(match => $"{match.Groups["name"].Value}: {match.Groups["how"].Value}").Distinct()];
        if (delegates.Length > 0) facts["tool_delegates"] = string.Join("; ", delegates);
        return facts;
    }

    [GeneratedRegex(@"Inference timings in us: Init: (?<init>[^\s,]{1,32}), First inference: (?<first>[^\s,]{1,32}), Warmup \(avg\): [^\s,]{1,32}, Inference \(avg\): (?<mean>[^\s,]{1,32})[ \t\r]*\n")]
    private static partial Regex Timings();

    [GeneratedRegex(@"\bRunning benchmark for at least ")]
    private static partial Regex Announced();

    [GeneratedRegex(@"\bcount=(?<count>[^\s]{1,32})[^\r\n]*")]
    private static partial Regex Runs();

    [GeneratedRegex(@"(?<name>[a-z0-9]{1,16})=(?<value>\S{1,32})")]
    private static partial Regex Fields();

    [GeneratedRegex(@"Overall peak memory footprint \(MB\) via periodic monitoring: (?<value>[0-9.]{1,16})")]
    private static partial Regex Peak();

    [GeneratedRegex(@"Though (?<name>\w{1,32}) delegate is explicitly applied, the model graph will not be executed by the delegate")]
    private static partial Regex Unused();

    [GeneratedRegex(@"Explicitly applied (?<name>\w{1,32}) delegate, and the model graph will be (?<how>completely|partially) executed")]
    private static partial Regex Applied();
}
