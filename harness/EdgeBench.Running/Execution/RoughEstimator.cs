using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Workloads;
using EdgeBench.Models.Shapes;
using EdgeBench.Models.Sources;
using EdgeBench.Running.Planning;
using EdgeBench.Suites;

namespace EdgeBench.Running.Execution;

/// <summary>
/// Time and disk of a plan before anything was measured: bytes over a modest bandwidth, operations over a modest rate. Good to a factor of three, for
/// planning only; it never enters a report.
/// </summary>
internal sealed class RoughEstimator(
    BenchConfiguration configuration, IReadOnlyDictionary<string, CheckpointOutline> outlines, IReadOnlyDictionary<string, long> dataBytes)
    : ICellEstimator, IArtifactEstimator
{
    private const double BytesPerSecond = 12e9, OperationsPerSecondAndThread = 60e9;

    // Starting a trial's process and its agent's bookkeeping.
    private const double SecondsPerTrial = 0.5;

    // Where a hub's model is not here yet: a small language model of today.
    private const long UnknownParameters = 500_000_000;

    private readonly Dictionary<(string, string), long?> _bytes = [];

    public TimeSpan EstimateTime(Cell cell)
    {
        CheckpointOutline outline = outlines[cell.Model.Name];
        long bytes = EstimateBytes(cell.Model, cell.Recipe) ?? outline.FileBytes ?? 2 * UnknownParameters;
        long parameters = outline.Shape is { } shape ? TensorPlan.For(shape).Parameters : outline.FileBytes / 2 ?? UnknownParameters;
        WorkloadCost cost = WorkloadRegistry.Find(cell.Workload.Type).Cost(cell.Workload.Parameters, dataBytes);

        double prefill = cost.PrefillTokens * 2.0 * parameters / (OperationsPerSecondAndThread * cell.Workload.Threads);
        double repetition = prefill + cost.DecodeTokens * bytes / BytesPerSecond;
        MeasureSpec measure = configuration.Measure;
        double sampling = cost.Repeats
            ? measure.Warmup * repetition + Math.Max(measure.MinSamples * repetition, measure.MinDuration.TotalSeconds)
            : repetition;
        return TimeSpan.FromSeconds(Math.Min(SecondsPerTrial + bytes / BytesPerSecond + sampling, measure.TimeLimit.TotalSeconds));
    }

    public long? EstimateBytes(ModelSpec model, RecipeSpec recipe)
    {
        if (_bytes.TryGetValue((model.Name, recipe.Name), out long? known)) return known;
        CheckpointOutline outline = outlines[model.Name];
        return _bytes[(model.Name, recipe.Name)] = ArtifactStore.EstimateBytes(outline.Shape, outline.FileBytes, recipe);
    }
}
