using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;

namespace EdgeBench.Core.Workloads;

/// <summary>A scenario or a quality task. Seam: implement, add to the registry in EdgeBench.Suites.</summary>
public interface IWorkload
{
    /// <summary>Registered type name: <c>single-stream</c>, <c>perplexity</c> …</summary>
    string Name { get; }

    /// <summary>Whether it scores quality (needs trained weights and a reference) rather than speed.</summary>
    bool IsQuality { get; }

    /// <summary>Record type of its parameters in <c>bench.yaml</c>, besides <c>threads</c>.</summary>
    Type ParametersType { get; }

    /// <summary>Metrics that a successful trial with these parameters must hold.</summary>
    IReadOnlyList<Metric> Metrics(JsonElement parameters);

    /// <summary>The shapes that these parameters spell, each one test (a <c>tests:</c> list gives several).</summary>
    IReadOnlyList<WorkloadTest> Tests(JsonElement parameters);

    /// <summary>The lengths that these parameters spell, or null for a workload that is more than a shape.</summary>
    WorkloadShape? Shape(JsonElement parameters) => null;

    /// <summary>What a session must offer for these parameters.</summary>
    SessionNeeds Needs(JsonElement parameters, int threads);

    /// <summary>
    /// Estimated operations, for the plan: tokens processed in batches and one at a time in one repetition, the reference's included.
    /// </summary>
    /// <param name="dataBytes">Length of each data file by its path as written; what is missing counts as empty.</param>
    WorkloadCost Cost(JsonElement parameters, IReadOnlyDictionary<string, long> dataBytes);

    /// <summary>Paths of data files that these parameters name, as written.</summary>
    IReadOnlyList<string> DataFiles(JsonElement parameters) => [];

    /// <summary>
    /// What is wrong with the content of the data files, so that no run begins that would fail in its middle; each problem with its file, line where that means
    /// something, and what was expected.
    /// </summary>
    /// <param name="files">Full path of each data file by its path as written; all exist.</param>
    IReadOnlyList<Problem> CheckData(JsonElement parameters, IReadOnlyDictionary<string, string> files) => [];

    /// <summary>Runs warm-up and samples. Throws <see cref="TrialException"/>.</summary>
    void Run(WorkloadContext context);
}

/// <summary>One test: its short name in tables and its own complete parameters.</summary>
public sealed record WorkloadTest(string Test, JsonElement Parameters);

/// <summary>Tokens of one repetition, prefilled and decoded; <paramref name="Repeats"/> false where one pass is the whole trial.</summary>
public sealed record WorkloadCost(long PrefillTokens, long DecodeTokens, bool Repeats, bool UsesReference)
{
    /// <summary>How long it works whatever the speed; null where the speed decides.</summary>
    public double? Seconds { get; init; }
}

/// <summary>What a workload works with inside a trial's process.</summary>
public sealed record WorkloadContext
{
    public required TrialRequest Request { get; init; }

    public required IBackendSession Session { get; init; }

    /// <summary>Opens the uncompressed reference (slow: loads a model).</summary>
    public required Func<IBackendSession> OpenReference { get; init; }

    public required ISampleSink Samples { get; init; }
}

/// <summary>Takes what a workload measured. Calls are cheap and happen outside of timed regions.</summary>
public interface ISampleSink
{
    /// <summary>Seconds since the trial's process started, on the monotonic clock.</summary>
    double Now { get; }

    /// <summary>A repetition is about to be timed (warm-up included): the place for anything that must not disturb it.</summary>
    void BeforeRepetition(int repetition, bool warmup);

    /// <summary>One reading, in its metric's unit.</summary>
    void Add(Metric metric, int repetition, double value, double at);

    /// <summary>What a reader must know, such as the window rule in force or text left over.</summary>
    void Fact(string name, string value);
}
