using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeBench.Backends.External.Figures;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.External.Tools;

/// <summary>llama.cpp's llama-bench: one test a run, every repetition told (<c>-o jsonl</c>: <c>samples_ns</c>, <c>samples_ts</c>).</summary>
internal sealed partial class LlamaBenchTool : IExternalTool
{
    // It prints six digits of a rate.
    private const double Printed = 1e-4;

    private static readonly string[] s_facts =
    [
        "build_commit", "build_number", "cpu_info", "gpu_info", "backends", "model_type", "n_batch", "n_ubatch", "type_k", "type_v", "n_gpu_layers",
        "flash_attn", "devices", "poll", "load_mode", "use_mmap", "test_time",
    ];

    public string Name => "llama-bench";

    public string FormatOf(ExternalOptions options) => "gguf";

    public string? WhyNot(ExternalOptions options, WorkloadShape shape) =>
        shape.IsInference ? "llama-bench measures tokens (pp, tg), not inferences of a whole graph" : null;

    public IReadOnlyList<Metric> Metrics(ExternalOptions options, WorkloadShape shape) => [Rate(shape)];

    public IReadOnlyList<string> Arguments(ToolCall call, IReadOnlyList<string> declared)
    {
        WorkloadShape shape = call.Shape;
        bool both = shape is { Prompt: > 0, Generate: > 0 };
        List<string> words = [.. declared, "-m", call.Model, "-t", Text(call.Threads), "-r", Text(call.Repetitions), "-o", "jsonl"];
        words.AddRange(["-p", Text(both ? 0 : shape.Prompt), "-n", Text(both ? 0 : shape.Generate)]);
        if (both) words.AddRange(["-pg", $"{Text(shape.Prompt)},{Text(shape.Generate)}"]);
        if (shape.Depth > 0) words.AddRange(["-d", Text(shape.Depth)]);
        if (call.Sampling.Warmup == 0) words.Add("--no-warmup");
        // A line as each run begins; without it nothing tells when.
        if (call.Metered) words.Add("--progress");
        return words;
    }

    public ToolReport Read(ToolOutput output, ToolCall call)
    {
        string text = output.Output.Trim();
        IReadOnlyList<JsonElement> records = text.StartsWith('[') ? JsonRecords.Array(text, "its output") : JsonRecords.Lines(text);
        if (records.Count != 1) throw new ToolOutputException($"{records.Count} tests; expected 1");
        JsonElement record = records[0];
        WorkloadShape shape = call.Shape;
        foreach ((string key, int asked) in new[] { ("n_prompt", shape.Prompt), ("n_gen", shape.Generate), ("n_threads", call.Threads) }) Same(record, key, asked);
        // Versions before depths wrote none.
        if (shape.Depth > 0 || record.TryGetProperty("n_depth", out _)) Same(record, "n_depth", shape.Depth);

        double[] rates = Samples(record, "samples_ts"), nanoseconds = Samples(record, "samples_ns");
        if (rates.Length != call.Repetitions || nanoseconds.Length != rates.Length)
            throw new ToolOutputException($"{rates.Length} rates and {nanoseconds.Length} times; expected {call.Repetitions} of each");
        for (int i = 0; i < rates.Length; i++)
            Numbers.Agree(rates[i], (shape.Prompt + shape.Generate) * 1e9 / nanoseconds[i], Printed, $"samples_ts [{i}] and tokens over samples_ns [{i}]");
        Numbers.Agree(Numbers.Positive(Value(record, "avg_ts"), "avg_ts"), rates.Average(), Printed, "avg_ts and the mean of samples_ts");

        string warm = call.Sampling.Warmup == 0 ? "no warm-up" : "one warm-up run of its own left out";
        return new ToolReport
        {
            Figures = [new ImportedFigure(Rate(shape), rates, $"{Words(shape)} over the time of one repetition (samples_ts); random tokens, context cleared before each, {warm}")],
            Repetitions = rates.Length,
            Seconds = nanoseconds.Sum() / 1e9,
            NoRawSamples = null,
            Durations = [.. nanoseconds.Select(time => time / 1e9)],
            Facts = s_facts.Where(key => record.TryGetProperty(key, out _)).ToDictionary(key => $"tool_{key}", key => Numbers.Excerpt(record.GetProperty(key).ToString())),
        };
    }

    /// <summary>Each run from its line of progress, which llama-bench writes as its clock starts, for the time that it took.</summary>
    public RunTimes When(ToolOutput output, ToolCall call, ToolReport report)
    {
        double[] starts = new double[report.Durations.Count];
        Array.Fill(starts, double.NaN);
        foreach (ArrivedLine line in output.ErrorLines)
        {
            // The first line of a run is the one at its start: a run of prompt and generation has two.
            if (Progress().Match(line.Text) is { Success: true } match && int.TryParse(match.Groups["run"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int run)
                && run >= 1 && run <= starts.Length && double.IsNaN(starts[run - 1])) starts[run - 1] = line.At;
        }
        if (starts.Any(double.IsNaN)) return RunTimes.Unknown("its --progress has no line for every run");
        long tokens = call.Shape.Prompt + call.Shape.Generate;
        return RunTimes.Of([.. starts.Select((start, i) => new TimedPart(start, start + report.Durations[i], 1, tokens))], output.Seconds,
            "samples_ns, each from the arrival of its run's line of --progress");
    }

    [GeneratedRegex(@"^llama-bench: benchmark 1/1: (?:prompt|generation) run (?<run>[0-9]{1,9})/[0-9]{1,9}$")]
    private static partial Regex Progress();

    private static Metric Rate(WorkloadShape shape) =>
        shape is { Prompt: > 0, Generate: > 0 } ? MetricRegistry.EndToEndRate : shape.Prompt > 0 ? MetricRegistry.PrefillRate : MetricRegistry.DecodeRate;

    private static string Words(WorkloadShape shape) =>
        shape is { Prompt: > 0, Generate: > 0 } ? "prompt plus generated tokens" : shape.Prompt > 0 ? "prompt tokens" : "generated tokens";

    private static void Same(JsonElement record, string key, int asked)
    {
        JsonElement found = Value(record, key);
        if (found.ValueKind != JsonValueKind.Number || !found.TryGetInt32(out int value) || value != asked)
            throw new ToolOutputException($"{key} is {Numbers.Excerpt(found.GetRawText())}; asked for {asked}");
    }

    private static double[] Samples(JsonElement record, string key)
    {
        JsonElement list = Value(record, key);
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select((item, i) => Numbers.Positive(item, $"{key} [{i}]"))]
            : throw new ToolOutputException($"{key} is no list");
    }

    private static JsonElement Value(JsonElement record, string key) => record.TryGetProperty(key, out JsonElement value) ? value : throw new ToolOutputException($"no '{key}'");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
