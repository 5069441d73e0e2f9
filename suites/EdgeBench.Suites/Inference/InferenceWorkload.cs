using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Suites.Inference;

/// <summary>
/// One inference of the whole graph after another, with the inputs and shapes that it declares: what programs such as trtexec measure of any model,
/// a language model or not. There is no sequence and no token in it, so that no session can run it: a backend that measures by itself does.
/// </summary>
public sealed class InferenceWorkload : IWorkload
{
    public string Name => "inference";

    public bool IsQuality => false;

    public Type ParametersType => typeof(InferenceParameters);

    /// <summary>None: which figures there are is the measuring program's business.</summary>
    public IReadOnlyList<Metric> Metrics(JsonElement parameters) => [];

    public IReadOnlyList<WorkloadTest> Tests(JsonElement parameters) =>
        [new WorkloadTest(Name, JsonSerializer.SerializeToElement(new InferenceParameters(), EdgeBenchJson.Options))];

    public SessionNeeds Needs(JsonElement parameters, int threads) => new(threads, Context: 1, LogitRows: 1);

    public WorkloadShape? Shape(JsonElement parameters) => WorkloadShape.Inference;

    public WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes) => new(1, 0, Repeats: true, UsesReference: false);

    public void Run(WorkloadContext context) => throw new TrialException(FailureKind.Unsupported,
        "'inference' is measured by programs that run a whole graph by themselves", "Take the backend 'external', or 'single-stream' for a language model.");
}
