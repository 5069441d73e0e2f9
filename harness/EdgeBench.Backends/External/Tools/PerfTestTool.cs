using System.Globalization;
using System.Text.RegularExpressions;
using EdgeBench.Backends.External.Figures;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.External.Tools;

/// <summary>ONNX Runtime's onnxruntime_perf_test: a text with the mean, the quantiles and the rate of a fixed number of runs.</summary>
internal sealed partial class PerfTestTool : IExternalTool
{
    public string Name => "onnxruntime_perf_test";

    public string FormatOf(ExternalOptions options) => "onnx";

    public string? WhyNot(ExternalOptions options, WorkloadShape shape) =>
        shape.IsInference ? null : "onnxruntime_perf_test runs a whole graph with its declared inputs, not tokens: take the workload 'inference'";

    public IReadOnlyList<Metric> Metrics(ExternalOptions options, WorkloadShape shape) =>
        [MetricRegistry.InferenceMean, MetricRegistry.InferenceRate, MetricRegistry.InferenceP50, MetricRegistry.InferenceP90, MetricRegistry.InferenceP95, MetricRegistry.InferenceP99];

    public IReadOnlyList<string> Arguments(ToolCall call, IReadOnlyList<string> declared) =>
    [
        .. declared, "-m", "times", "-r", call.Repetitions.ToString(CultureInfo.InvariantCulture), "-x", call.Threads.ToString(CultureInfo.InvariantCulture), "-I", "-s", call.Model,
    ];

    public ToolReport Read(ToolOutput output, ToolCall call)
    {
        string text = output.Output;
        int requests = Numbers.Count(One(Requests().Matches(text), "Total inference requests"), "Total inference requests");
        if (requests != call.Repetitions) throw new ToolOutputException($"{requests} inference requests; asked for {call.Repetitions}");
        double cost = Numbers.Positive(One(TotalCost().Matches(text), "Total inference time cost … s"), "Total inference time cost");
        double mean = Numbers.Positive(One(Mean().Matches(text), "Average inference time cost total … ms"), "Average inference time cost total");
        double seconds = Numbers.Positive(One(RunTime().Matches(text), "Total inference run time … s"), "Total inference run time");
        double rate = Numbers.Positive(One(Rate().Matches(text), "Number of inferences per second"), "Number of inferences per second");
        Numbers.Agree(mean, cost * 1e3 / requests, 0.01, "the average time (ms) and the total over the requests");
        Numbers.Agree(rate, requests / seconds, 0.01, "the inferences per second and the requests over the run time");

        List<ImportedFigure> figures =
        [
            new(MetricRegistry.InferenceMean, [mean], "Average inference time cost total: time inside Run over the requests; the first inference before them left out"),
            new(MetricRegistry.InferenceRate, [rate], "Number of inferences per second: requests over the total run time"),
        ];
        double before = 0;
        foreach ((Metric metric, string quantile) in new[]
        {
            (MetricRegistry.InferenceP50, "P50"), (MetricRegistry.InferenceP90, "P90"), (MetricRegistry.InferenceP95, "P95"), (MetricRegistry.InferenceP99, "P99"),
        })
        {
            string found = One([.. Quantile().Matches(text).Where(match => match.Groups["name"].Value == quantile)], $"{quantile} Latency … s");
            double value = Numbers.Positive(found, $"{quantile} Latency") * 1e3;
            if (value < before) throw new ToolOutputException($"{quantile} Latency is less than the quantile below it");
            before = value;
            figures.Add(new(metric, [value], $"{quantile} Latency of the {requests} requests, by the tool's own rule of quantiles"));
        }
        return new ToolReport
        {
            Figures = figures,
            Repetitions = requests,
            Seconds = seconds,
            NoRawSamples = $"it prints a summary of its {requests} runs",
            Facts = Facts().Matches(text).DistinctBy(match => match.Groups["name"].Value)
                .ToDictionary(match => $"tool_{match.Groups["name"].Value.ToLowerInvariant().Replace(' ', '_')}", match => Numbers.Excerpt(match.Groups["value"].Value.Trim())),
        };
    }

    public RunTimes When(ToolOutput output, ToolCall call, ToolReport report) => RunTimes.Unknown("it prints everything after its last run");

    private static string One(IReadOnlyCollection<Match> matches, string line) => matches.Count == 1
        ? matches.First().Groups["value"].Value
        : throw new ToolOutputException($"{matches.Count} lines '{line}'; expected 1");

    [GeneratedRegex(@"^Total inference requests: (?<value>\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Requests();

    [GeneratedRegex(@"^Total inference time cost: (?<value>\S+) s\s*$", RegexOptions.Multiline)]
    private static partial Regex TotalCost();

    [GeneratedRegex(@"^Average inference time cost total: (?<value>\S+) ms\s*$", RegexOptions.Multiline)]
    private static partial Regex Mean();

    [GeneratedRegex(@"^Total inference run time: (?<value>\S+) s\s*$", RegexOptions.Multiline)]
    private static partial Regex RunTime();

    [GeneratedRegex(@"^Number of inferences per second: (?<value>\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^(?<name>P50|P90|P95|P99) Latency: (?<value>\S+) s\s*$", RegexOptions.Multiline)]
    private static partial Regex Quantile();

    [GeneratedRegex(@"^(?<name>Session creation time cost|First inference time cost|Peak working set size|Avg CPU usage): ?(?<value>[^\r\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Facts();
}
