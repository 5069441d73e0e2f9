using CsCheck;
using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Backends.External.Tools;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.Tests.External;

/// <summary>When repetitions ran, from lines whose times of arrival are given here.</summary>
public class RunTimesTests
{
    private static readonly WorkloadShape s_both = new(80, 20, 0);

    [Fact]
    public void Runs_of_llama_bench_begin_with_their_line_of_progress_and_take_their_samples()
    {
        RunTimes when = Llama([
            new("llama-bench: benchmark 1/1: warmup prompt run", 0.5), new("llama-bench: benchmark 1/1: depth run 1/2", 0.8),
            new("llama-bench: benchmark 1/1: prompt run 1/2", 1), new("llama-bench: benchmark 1/1: generation run 1/2", 1.2),
            new("llama-bench: benchmark 1/1: prompt run 2/2", 2), new("llama-bench: benchmark 1/1: generation run 2/2", 2.2),
        ], [0.75, 0.5]);
        Assert.Equal([new(1, 1.75, 1, 100), new(2, 2.5, 1, 100)], when.Parts);
        Assert.Contains("--progress", when.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Llama_bench_is_asked_for_its_progress_only_where_a_meter_reads()
    {
        LlamaBenchTool tool = new();
        ToolCall call = ToolTexts.Call("/nowhere", s_both, 2);
        Assert.DoesNotContain("--progress", tool.Arguments(call, []));
        Assert.Contains("--progress", tool.Arguments(call with { Metered = true }, []));
    }

    [Theory]
    [InlineData("llama-bench: benchmark 1/1: prompt run 3/2")]
    [InlineData("llama-bench: benchmark 1/2: prompt run 2/2")]
    [InlineData("prompt run 2/2")]
    public void A_run_without_its_line_leaves_all_unknown(string line) =>
        Assert.Empty(Llama([new("llama-bench: benchmark 1/1: prompt run 1/2", 1), new(line, 2)], [0.5, 0.5]).Parts);

    [Fact]
    public void Lines_that_are_held_back_place_nothing()
    {
        RunTimes when = Llama([new("llama-bench: benchmark 1/1: prompt run 1/2", 3.9), new("llama-bench: benchmark 1/1: prompt run 2/2", 3.9)], [0.5, 0.5]);
        Assert.Empty(when.Parts);
        Assert.Contains("later than what they tell of", when.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_of_benchmark_model_are_one_stretch_between_its_two_lines()
    {
        ArrivedLine[] lines = Benchmark(announced: 1, summed: 2.02);
        RunTimes when = Benchmark(new ToolOutput("", "") { OutputLines = lines, Seconds = 3 });
        Assert.Equal([new(1, 2.02, 520, null)], when.Parts);
        Assert.Equal(when.Parts, Benchmark(new ToolOutput("", "") { ErrorLines = lines, Seconds = 3 }).Parts);
    }

    [Theory]
    [InlineData(1, 1.5, "holds its output back")]
    [InlineData(1, 1, "holds its output back")]
    [InlineData(1, 2.5, "does something else")]
    public void Runs_of_benchmark_model_that_do_not_fill_the_time_between_its_lines_are_unknown(double announced, double summed, string words)
    {
        RunTimes when = Benchmark(new ToolOutput("", "") { OutputLines = Benchmark(announced, summed), Seconds = 3 });
        Assert.Empty(when.Parts);
        Assert.Contains(words, when.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Inferences_of_trtexec_are_one_stretch_that_ends_as_its_trace_is_told()
    {
        ArrivedLine[] lines = [new("[09/02/2024-17:14:30] [I] Starting inference", 5), new("[09/02/2024-17:14:33] [I] Timing trace has 4 queries over 3.00186 s", 8.25)];
        Assert.Equal([new(8.25 - 3.00186, 8.25, 4, null)], Trtexec(lines).Parts);
        Assert.Empty(Trtexec([lines[0] with { At = 8.2 }, lines[1]]).Parts);
        Assert.Empty(Trtexec([lines[0], lines[1] with { Text = "[I] Timing trace has 5 queries over 3.00186 s" }]).Parts);
        Assert.Empty(Trtexec([lines[1]]).Parts);
        Assert.Empty(Trtexec([.. lines, lines[1]]).Parts);
    }

    [Fact]
    public void Onnxruntime_perf_test_does_not_tell() =>
        Assert.Empty(new PerfTestTool().When(new ToolOutput("", ""), ToolTexts.Call("/nowhere", WorkloadShape.Inference, 4), Report(4, 0.4)).Parts);

    [Fact]
    public void Repetitions_of_a_program_end_as_their_line_arrives()
    {
        ArrivedLine[] lines = [new("""{"event": "start"}""", 0.1), new("""{"took": 0.5}""", 1), new("", 1), new("""{"took": 0.75}""", 2)];
        Assert.Equal([new(0.5, 1, 1, 8), new(1.25, 2, 1, 8)], Lines(lines, new(0, 8, 0)).Parts);
        Assert.Equal([null, null], Lines(lines, WorkloadShape.Inference).Parts.Select(part => part.Tokens));
        Assert.Empty(Lines(lines[..2], new(0, 8, 0)).Parts);
        Assert.Contains("several repetitions", Lines([lines[1], new("""{"took": [0.5, 0.5]}""", 2)], new(0, 8, 0), "took").Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_whose_times_are_not_mapped_does_not_tell()
    {
        ToolCall call = ToolTexts.Call("/nowhere", new(0, 8, 0), 2) with { Options = ToolTexts.Mapped with { Seconds = null } };
        Assert.Contains("not mapped", new JsonLinesTool().When(new ToolOutput("", ""), call, Report(2, null)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_lines_arrive_parts_keep_their_lengths_and_never_overlap() =>
        Gen.Select(Gen.Double[0.001, 0.4].Array[1, 12], Gen.Double[0, 0.08].Array[12]).Sample((took, late) =>
        {
            double clock = 0;
            TimedPart[] told = [.. took.Select((seconds, i) => (clock += seconds) + late[i]).Select((at, i) => new TimedPart(at - took[i], at, 1, 3))];
            RunTimes when = RunTimes.Of(told, clock + 0.1, "rule");
            if (when.Parts.Count == 0) return when.Words.Length > 0;
            return when.Parts.Zip(told).All(pair => Math.Abs(pair.First.Seconds - pair.Second.Seconds) < 1e-9 && pair.First.To <= pair.Second.To)
                && when.Parts.Zip(when.Parts.Skip(1)).All(pair => pair.First.To <= pair.Second.From);
        });

    private static ToolReport Report(int repetitions, double? seconds, params double[] durations) =>
        new() { Figures = [], Repetitions = repetitions, Seconds = seconds, NoRawSamples = null, Durations = durations };

    private static RunTimes Llama(ArrivedLine[] lines, double[] took) =>
        new LlamaBenchTool().When(new ToolOutput("", "") { ErrorLines = lines, Seconds = 4 }, ToolTexts.Call("/nowhere", s_both, took.Length), Report(took.Length, took.Sum(), took));

    private static ArrivedLine[] Benchmark(double announced, double summed) =>
    [
        .. ToolTexts.BenchmarkModel.Split('\n').Select((text, i) => new ArrivedLine(text,
            text.Contains("at least 50 iterations", StringComparison.Ordinal) ? announced : text.Contains("count=520", StringComparison.Ordinal) ? summed : i * 0.01)),
    ];

    private static RunTimes Benchmark(ToolOutput output) => new BenchmarkModelTool().When(output, ToolTexts.Call("/nowhere", WorkloadShape.Inference, 50), Report(520, 0.98));

    private static RunTimes Trtexec(ArrivedLine[] lines) =>
        new TrtexecTool().When(new ToolOutput("", "") { OutputLines = lines, Seconds = 9 }, ToolTexts.Call("/nowhere", WorkloadShape.Inference, 4), Report(4, 3.00186));

    private static RunTimes Lines(ArrivedLine[] lines, WorkloadShape shape, string seconds = "took") => new JsonLinesTool().When(new ToolOutput("", "") { OutputLines = lines, Seconds = 3 },
        ToolTexts.Call("/nowhere", shape, 2) with { Options = ToolTexts.Mapped with { Seconds = seconds } }, Report(2, 1.25));
}
