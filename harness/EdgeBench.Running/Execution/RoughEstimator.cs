using System.Runtime.CompilerServices;
using EdgeBench.Compression.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
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

    private readonly Dictionary<(ModelSpec, RecipeSpec), long?> _bytes = new(ByReference.Instance);
    private readonly Dictionary<WorkloadSpec, WorkloadCost> _costs = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, long> _parameters = [];
    private readonly HashSet<string> _counted = [];

    public TimeSpan EstimateTime(Cell cell)
    {
        CheckpointOutline outline = outlines[cell.Model.Name];
        long bytes = ArtifactBytes(cell.Model, cell.Recipe) ?? outline.FileBytes ?? 2 * UnknownParameters;
        WorkloadCost cost = CostOf(cell.Workload);
        double prefill = cost.PrefillTokens * 2.0 * Parameters(cell.Model) / (OperationsPerSecondAndThread * cell.Workload.Threads);
        double repetition = prefill + cost.DecodeTokens * bytes / BytesPerSecond;
        MeasureSpec measure = configuration.Measure;
        double sampling = cost.Repeats
            ? measure.Warmup * repetition + Math.Clamp(measure.MinSamples * repetition, measure.MinDuration.TotalSeconds, measure.MaxDuration.TotalSeconds)
            : cost.Seconds ?? repetition;
        double trial = Math.Min(SecondsPerTrial + bytes / BytesPerSecond + sampling, measure.TimeLimit.TotalSeconds);
        return TimeSpan.FromSeconds(trial) + (cell.Device.Cooldown?.Rest ?? TimeSpan.Zero);
    }

    /// <summary>A workload's cost, computed once for all of its cells.</summary>
    public WorkloadCost CostOf(WorkloadSpec workload)
    {
        if (!_costs.TryGetValue(workload, out WorkloadCost? cost))
            _costs[workload] = cost = WorkloadRegistry.Find(workload.Type).Cost(workload.Parameters, dataBytes);
        return cost;
    }

    // The checkpoint itself counts once, with its model's first recipe, where it is still to be fetched or written.
    public long? EstimateBytes(ModelSpec model, RecipeSpec recipe)
    {
        CheckpointOutline outline = outlines[model.Name];
        long? checkpoint = _counted.Add(model.Name) && !outline.Present ? outline.FileBytes : 0;
        return recipe.Passes.Count == 0 ? checkpoint : checkpoint + ArtifactBytes(model, recipe);
    }

    private long? ArtifactBytes(ModelSpec model, RecipeSpec recipe)
    {
        if (!_bytes.TryGetValue((model, recipe), out long? bytes))
            _bytes[(model, recipe)] = bytes = ArtifactStore.EstimateBytes(outlines[model.Name].Shape, outlines[model.Name].FileBytes, recipe);
        return bytes;
    }

    private long Parameters(ModelSpec model)
    {
        if (!_parameters.TryGetValue(model.Name, out long parameters)) _parameters[model.Name] = parameters = Count(outlines[model.Name]);
        return parameters;
    }

    // A backend may run architectures whose tensors we cannot list; their file says about how large they are.
    private static long Count(CheckpointOutline outline)
    {
        try
        {
            if (outline.Shape is { } shape) return TensorPlan.For(shape).Parameters;
        }
        catch (EdgeBenchException)
        {
            return outline.FileBytes / 2 ?? UnknownParameters;
        }
        return outline.FileBytes / 2 ?? UnknownParameters;
    }

    // Specs are shared between cells; comparing their contents would cost more than what is cached.
    private sealed class ByReference : IEqualityComparer<(ModelSpec Model, RecipeSpec Recipe)>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals((ModelSpec Model, RecipeSpec Recipe) x, (ModelSpec Model, RecipeSpec Recipe) y) =>
            ReferenceEquals(x.Model, y.Model) && ReferenceEquals(x.Recipe, y.Recipe);

        public int GetHashCode((ModelSpec Model, RecipeSpec Recipe) pair) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Model), RuntimeHelpers.GetHashCode(pair.Recipe));
    }
}
