using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Tools;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Workloads;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.External;

public sealed class ToolReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_repetition_of_llama_bench_is_a_reading()
    {
        ToolReport report = Read<LlamaBenchTool>();
        ImportedFigure rate = Assert.Single(report.Figures);
        Assert.Equal((MetricRegistry.PrefillRate, 4, 1.1, null), (rate.Metric, report.Repetitions, report.Seconds, report.NoRawSamples));
        Assert.Equal([500, 400, 250, 400], rate.Values);
        Assert.Equal([0.2, 0.25, 0.4, 0.25], report.Durations);
        Assert.Equal("0123abc", report.Facts["tool_build_commit"]);
        Assert.Contains("samples_ts", rate.Definition, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_of_onnxruntime_perf_test_is_an_aggregate()
    {
        ToolReport report = Read<PerfTestTool>();
        Assert.Equal(["inference_mean 100", "inference_rate 9.95025", "inference_p50 99.5086", "inference_p90 101.519", "inference_p95 101.519", "inference_p99 101.519"],
            report.Figures.Select(figure => $"{figure.Metric.Name} {ToolTexts.Number(Math.Round(figure.Values.Single(), 9))}"));
        Assert.Equal((4, 0.402), (report.Repetitions, report.Seconds));
        Assert.Contains("summary", report.NoRawSamples, StringComparison.Ordinal);
        Assert.Equal("271122432 bytes", report.Facts["tool_peak_working_set_size"]);
    }

    [Fact]
    public void The_last_runs_of_benchmark_model_count_and_not_its_warm_up()
    {
        ToolReport report = Read<BenchmarkModelTool>();
        Assert.Equal(["inference_mean 1.88574", "inference_p50 1.8005", "inference_p95 2.1"],
            report.Figures.Select(figure => $"{figure.Metric.Name} {ToolTexts.Number(Math.Round(figure.Values.Single(), 9))}"));
        Assert.Equal(520, report.Repetitions);
        Assert.Equal(0.9805848, report.Seconds!.Value, 9);
        Assert.Equal(("EXTERNAL: completely", "93.2383 MB via periodic monitoring"), (report.Facts["tool_delegates"], report.Facts["tool_peak_memory"]));
        Assert.Empty(report.NotApplied);
    }

    [Theory]
    [InlineData("Explicitly applied EXTERNAL delegate, and the model graph will be partially executed by the delegate w/ 3 delegate kernels.", "EXTERNAL delegate: it executes only part of the graph")]
    [InlineData("Though NNAPI delegate is explicitly applied, the model graph will not be executed by the delegate.", "NNAPI delegate: it executes nothing of the graph")]
    public void A_delegate_that_does_not_run_the_graph_is_not_applied(string line, string expected)
    {
        string text = ToolTexts.With(ToolTexts.BenchmarkModel, "Explicitly applied EXTERNAL delegate, and the model graph will be completely executed by the delegate.", line);
        Assert.Equal(expected, Assert.Single(Read<BenchmarkModelTool>(text).NotApplied));
    }

    [Fact]
    public void What_benchmark_model_writes_to_standard_error_is_read_as_well()
    {
        BenchmarkModelTool tool = new();
        ToolReport report = tool.Read(new ToolOutput("", ToolTexts.BenchmarkModel), ToolTexts.Call(_folder.Path, WorkloadShape.Inference, 50));
        Assert.Equal(520, report.Repetitions);
    }

    [Fact]
    public void Every_inference_of_trtexec_is_a_reading()
    {
        ToolReport report = Read<TrtexecTool>();
        Assert.Equal([MetricRegistry.Inference, MetricRegistry.DeviceCompute, MetricRegistry.InferenceRate], report.Figures.Select(figure => figure.Metric));
        Assert.Equal([2, 2, 3, 5], report.Figures[0].Values);
        Assert.Equal([1, 1, 2, 4], report.Figures[1].Values);
        Assert.Equal([499.5], report.Figures[2].Values);
        Assert.Equal((4, 3.00186, "v8601"), (report.Repetitions, report.Seconds, report.Facts["tool_version"]));
        Assert.Contains("GPU compute time is unstable", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_json_are_converted_to_the_metrics_unit()
    {
        ToolReport report = Read<JsonLinesTool>();
        Assert.Equal([2.5, 3.5], Assert.Single(report.Figures).Values);
        Assert.Equal((2, 1.25), (report.Repetitions, report.Seconds));
        Assert.Equal([0.5, 0.75], report.Durations);
    }

    [Fact]
    public void A_list_in_a_line_is_several_readings_and_a_scale_multiplies()
    {
        ExternalOptions options = new()
        {
            Tool = "json-lines",
            Figures = [new FigureMapping { Path = "$.timings.list", Metric = "decode_tok_s", Unit = "tok/s", Scale = 10, Definition = "d" }],
        };
        ToolReport report = new JsonLinesTool().Read(ToolTexts.Output(ToolTexts.JsonLines), ToolTexts.Call(_folder.Path, new(0, 8, 0), 2) with { Options = options });
        Assert.Equal([10, 20, 30, 40], Assert.Single(report.Figures).Values);
        Assert.Equal((4, null), (report.Repetitions, report.Seconds));
    }

    private ToolReport Read<TTool>(string? text = null)
    {
        (IExternalTool tool, string answer, ToolCall call) = ToolTexts.All(_folder.Path).Single(one => one.Tool is TTool);
        return ToolTexts.Read(tool, text ?? answer, call);
    }
}
