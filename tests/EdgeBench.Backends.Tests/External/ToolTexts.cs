using System.Globalization;
using EdgeBench.Backends.External;
using EdgeBench.Backends.External.Tools;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Backends.Tests.External;

/// <summary>Outputs in the tools' formats, with figures of our own, and the calls that they answer.</summary>
internal static class ToolTexts
{
    public const string LlamaBench = """
        {"build_commit": "0123abc", "build_number": 7, "cpu_info": "Some CPU", "gpu_info": "", "backends": "CPU", "model_filename": "m.gguf", "model_type": "llama 1B Q4_0", "n_threads": 2, "type_k": "f16", "flash_attn": -1, "n_prompt": 100, "n_gen": 0, "n_depth": 0, "test_time": "2026-01-02T03:04:05Z", "avg_ns": 250000000, "stddev_ns": 1, "avg_ts": 387.500000, "stddev_ts": 0.5, "samples_ns": [ 200000000, 250000000, 400000000, 250000000 ],"samples_ts": [ 500, 400, 250, 400 ]}
        """;

    public const string PerfTest = """
        Setting intra_op_num_threads to 2
        Session creation time cost: 0.217932 s
        First inference time cost: 196 ms
        Total inference time cost: 0.4 s
        Total inference requests: 4
        Average inference time cost total: 100.000000 ms
        Total inference run time: 0.402 s
        Number of inferences per second: 9.95025
        Avg CPU usage: 11 %
        Peak working set size: 271122432 bytes
        Avg CPU usage:11
        Peak working set size:271122432
        Runs:4
        Min Latency: 0.0958204 s
        Max Latency: 0.101519 s
        P50 Latency: 0.0995086 s
        P90 Latency: 0.101519 s
        P95 Latency: 0.101519 s
        P99 Latency: 0.101519 s
        P999 Latency: 0.101519 s
        """;

    public const string BenchmarkModel = """
        INFO: STARTING!
        INFO: Log parameter values verbosely: [0]
        INFO: Graph: [/tmp/m.tflite]
        INFO: Loaded model /tmp/m.tflite
        INFO: Created TensorFlow Lite XNNPACK delegate for CPU.
        INFO: EXTERNAL delegate created.
        INFO: Explicitly applied EXTERNAL delegate, and the model graph will be completely executed by the delegate.
        INFO: The input model file size (MB): 3.57776
        INFO: Initialized session in 66.002ms.
        INFO: Running benchmark for at least 1 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.
        INFO: count=2 first=8140 curr=7932 min=7932 max=8140 avg=8036 std=104 p5=7932 median=8140 p95=8140

        INFO: Running benchmark for at least 50 iterations and at least 1 seconds but terminate if exceeding 150 seconds.
        INFO: count=520 first=2531 curr=2793 min=1171 max=9925 avg=1885.74 std=870 p5=1200 median=1800.5 p95=2100

        INFO: Inference timings in us: Init: 66002, First inference: 8140, Warmup (avg): 8036, Inference (avg): 1885.74
        INFO: Note: as the benchmark tool itself affects memory footprint, the following is only APPROXIMATE to the actual memory footprint of the model at runtime. Take the information at your discretion.
        INFO: Memory footprint delta from the start of the tool (MB): init=7.40234 overall=7.83203
        INFO: Overall peak memory footprint (MB) via periodic monitoring: 93.2383
        """;

    public const string Trtexec = """
        &&&& RUNNING TensorRT.trtexec [TensorRT v8601] # trtexec --onnx=m.onnx
        [09/02/2024-17:14:34] [I] === Performance summary ===
        [09/02/2024-17:14:34] [I] Throughput: 499.5 qps
        [09/02/2024-17:14:34] [I] Latency: min = 2 ms, max = 5 ms, mean = 3 ms, median = 2.5 ms, percentile(90%) = 5 ms, percentile(95%) = 5 ms, percentile(99%) = 5 ms
        [09/02/2024-17:14:34] [I] Enqueue Time: min = 0.697998 ms, max = 5.14844 ms, mean = 0.865324 ms, median = 0.88208 ms, percentile(90%) = 0.89624 ms, percentile(95%) = 0.901215 ms, percentile(99%) = 0.947876 ms
        [09/02/2024-17:14:34] [I] H2D Latency: min = 0 ms, max = 0 ms, mean = 0 ms, median = 0 ms, percentile(90%) = 0 ms, percentile(95%) = 0 ms, percentile(99%) = 0 ms
        [09/02/2024-17:14:34] [I] GPU Compute Time: min = 1 ms, max = 4 ms, mean = 2 ms, median = 1.5 ms, percentile(90%) = 4 ms, percentile(95%) = 4 ms, percentile(99%) = 4 ms
        [09/02/2024-17:14:34] [I] D2H Latency: min = 0 ms, max = 0 ms, mean = 0 ms, median = 0 ms, percentile(90%) = 0 ms, percentile(95%) = 0 ms, percentile(99%) = 0 ms
        [09/02/2024-17:14:34] [I] Total Host Walltime: 3.00186 s
        [09/02/2024-17:14:34] [I] Total GPU Compute Time: 2.70264 s
        [09/02/2024-17:14:34] [W] * GPU compute time is unstable, with coefficient of variance = 20.4616%.
        [09/02/2024-17:14:34] [I] Explanations of the performance metrics are printed in the verbose logs.
        &&&& PASSED TensorRT.trtexec [TensorRT v8601] # trtexec --onnx=m.onnx
        """;

    public const string TrtexecTimes = """
        [
          { "startEnqMs" : 0.2, "endEnqMs" : 0.3, "startComputeMs" : 0.3, "endComputeMs" : 1.3, "latencyMs" : 2, "computeMs" : 1 },
          { "startEnqMs" : 2.2, "endEnqMs" : 2.3, "startComputeMs" : 2.3, "endComputeMs" : 3.3, "latencyMs" : 2, "computeMs" : 1 },
          { "startEnqMs" : 4.2, "endEnqMs" : 4.3, "startComputeMs" : 4.3, "endComputeMs" : 6.3, "latencyMs" : 3, "computeMs" : 2 },
          { "startEnqMs" : 7.2, "endEnqMs" : 7.3, "startComputeMs" : 7.3, "endComputeMs" : 11.3, "latencyMs" : 5, "computeMs" : 4 }
        ]
        """;

    public const string JsonLines = """
        {"event": "start"}
        {"event": "run", "timings": {"decode_us": 2500, "list": [1, 2]}, "took": 0.5}
        {"event": "run", "timings": {"decode_us": 3500, "list": [3, 4]}, "took": 0.75}
        """;

    /// <summary>One figure of <see cref="JsonLines"/>, in microseconds.</summary>
    public static ExternalOptions Mapped { get; } = new()
    {
        Tool = "json-lines",
        Figures = [new FigureMapping { Path = "timings.decode_us", Metric = "tpot", Unit = "us", Definition = "mean gap of a run" }],
        Seconds = "took",
    };

    /// <summary>Every tool with an answer that it takes and the call for it.</summary>
    public static IEnumerable<(IExternalTool Tool, string Answer, ToolCall Call)> All(string folder) =>
    [
        (new LlamaBenchTool(), LlamaBench, Call(folder, new(100, 0, 0), 4)),
        (new PerfTestTool(), PerfTest, Call(folder, WorkloadShape.Inference, 4)),
        (new BenchmarkModelTool(), BenchmarkModel, Call(folder, WorkloadShape.Inference, 50)),
        (new TrtexecTool(), Trtexec, Call(folder, WorkloadShape.Inference, 4)),
        (new JsonLinesTool(), JsonLines, Call(folder, new(0, 8, 0), 2) with { Options = Mapped }),
    ];

    public static ToolCall Call(string folder, WorkloadShape shape, int repetitions, int threads = 2) => new()
    {
        Model = "/models/a model.gguf",
        Threads = threads,
        Shape = shape,
        Options = new ExternalOptions(),
        Repetitions = repetitions,
        Sampling = new Sampling(1, repetitions, 1, 60),
        Folder = folder,
    };

    public static ToolOutput Output(string text) => new(text, "");

    /// <summary>What a tool makes of a text; trtexec finds its list of times beside it.</summary>
    public static ToolReport Read(IExternalTool tool, string text, ToolCall call, string times = TrtexecTimes)
    {
        if (tool is TrtexecTool) File.WriteAllText(Path.Combine(call.Folder, TrtexecTool.TimesFile), times);
        return tool.Read(Output(text), call);
    }

    /// <summary>The text with one part replaced, which must be there.</summary>
    public static string With(string text, string part, string other)
    {
        Assert.Contains(part, text, StringComparison.Ordinal);
        return text.Replace(part, other, StringComparison.Ordinal);
    }

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
