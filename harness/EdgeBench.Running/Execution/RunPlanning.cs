using EdgeBench.Backends;
using EdgeBench.Compression.Formats;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Models.Sources;
using EdgeBench.Running.Configuration;
using EdgeBench.Running.Planning;
using EdgeBench.Suites;

namespace EdgeBench.Running.Execution;

/// <summary>A plan with what was learnt while making it.</summary>
/// <param name="Outlines">What is known of every model, by name.</param>
/// <param name="Data">Full path of every data file, by the path as written.</param>
public sealed record PlannedRun(
    LoadedBench Bench, Plan Plan, IReadOnlyDictionary<string, CheckpointOutline> Outlines, IReadOnlyDictionary<string, string> Data)
{
    public BenchConfiguration Configuration => Bench.Configuration;

    /// <summary>Every data file with its hash, by the path as written. Throws <see cref="IOException"/>.</summary>
    public IReadOnlyDictionary<string, DataFile> HashedData() => Data.ToDictionary(entry => entry.Key, entry => new DataFile(entry.Value, ContentHash.OfFile(entry.Value)));

    public SourceContext Context(IProgress<SourceProgress>? progress) => new(Bench.BaseFolder, CacheFolders.Root, progress);
}

/// <summary>
/// Makes the plan that <c>validate</c>, <c>plan</c> and <c>run</c> share. Reads model headers and checks that files exist; writes nothing, fetches nothing.
/// </summary>
public static class RunPlanning
{
    /// <summary>Throws <see cref="EdgeBenchException"/> with the problems of all models and data files together.</summary>
    public static PlannedRun Plan(LoadedBench bench, CellFilter? filter)
    {
        ArgumentNullException.ThrowIfNull(bench);
        List<Problem> problems = [];
        Dictionary<string, CheckpointOutline> outlines = Outlines(bench, problems);
        Dictionary<string, string> data = DataFiles(bench, problems);
        CheckContents(bench, data, problems);
        if (problems.Count > 0) throw new EdgeBenchException(ExitCode.BadInput, problems);

        Dictionary<string, long> dataBytes = data.ToDictionary(entry => entry.Key, entry => new FileInfo(entry.Value).Length);
        RoughEstimator estimator = new(bench.Configuration, outlines, dataBytes);
        Plan plan = Planner.Plan(bench.Configuration, new PlanContext
        {
            Filter = filter,
            Refusals = [cell => WhyNot(cell, outlines), cell => TooLong(estimator.CostOf(cell.Workload), bench.Configuration.Measure)],
            Time = estimator,
            Artifacts = estimator,
            // One pass over a text gives the same figures every time: it is measured once.
            Sessions = cell => estimator.CostOf(cell.Workload).Repeats ? bench.Configuration.Measure.Sessions : 1,
        });
        return new PlannedRun(bench, plan, outlines, data);
    }

    private static Dictionary<string, CheckpointOutline> Outlines(LoadedBench bench, List<Problem> problems)
    {
        SourceContext context = new(bench.BaseFolder, CacheFolders.Root);
        Dictionary<string, CheckpointOutline> outlines = [];
        foreach (ModelSpec model in bench.Configuration.Models)
        {
            try
            {
                outlines[model.Name] = ModelSourceRegistry.For(model).Outline(model, context);
            }
            catch (EdgeBenchException error) when (error.ExitCode == ExitCode.BadInput)
            {
                problems.AddRange(error.Problems.Select(problem => problem with { Path = $"models.{model.Name}.source{(problem.Path is null ? "" : $": {problem.Path}")}" }));
            }
        }
        return outlines;
    }

    private static Dictionary<string, string> DataFiles(LoadedBench bench, List<Problem> problems)
    {
        Dictionary<string, string> data = [];
        IEnumerable<(string File, string Place)> named = bench.Configuration.Workloads
            .SelectMany(workload => WorkloadRegistry.Find(workload.Type).DataFiles(workload.Parameters).Select(file => (file, $"workloads.{workload.Name}.data")))
            .Concat(bench.Configuration.Backends.SelectMany(backend => BackendRegistry.Find(backend.Type).DataFiles(backend.Options).Select(file => (file, $"backends.{backend.Name}"))))
            .Concat(bench.Configuration.Recipes.SelectMany(recipe => recipe.Passes.SelectMany(
                pass => PassRegistry.Find(pass.Pass).DataFiles(pass.Parameters).Select(file => (file, $"recipes.{recipe.Name}.{pass.Pass}")))));
        foreach ((string written, string place) in named)
        {
            string path = Path.GetFullPath(Path.Combine(bench.BaseFolder, written));
            if (File.Exists(path)) data[written] = path;
            else problems.Add(new Problem($"data file '{written}' does not exist", "a readable file", $"Looked for '{path}'.") { Path = place });
        }
        return data;
    }

    // Of workloads whose files are all there; the cells of a sweep read the same files and have the same problems.
    private static void CheckContents(LoadedBench bench, Dictionary<string, string> data, List<Problem> problems)
    {
        HashSet<string> told = [];
        foreach (WorkloadSpec spec in bench.Configuration.Workloads)
        {
            IWorkload workload = WorkloadRegistry.Find(spec.Type);
            if (!workload.DataFiles(spec.Parameters).All(data.ContainsKey)) continue;
            foreach (Problem problem in workload.CheckData(spec.Parameters, data))
            {
                if (told.Add($"{problem}")) problems.Add(problem with { Path = problem.Path ?? $"workloads.{spec.Name}.data" });
            }
        }
    }

    // Reasons that the harness itself knows; the configuration's own rules come before them.
    private static string? WhyNot(Cell cell, Dictionary<string, CheckpointOutline> outlines)
    {
        IBackend backend = BackendRegistry.Find(cell.Backend.Type);
        if (FormatRegistry.WhyNot(outlines[cell.Model.Name].Format, cell.Recipe, backend.FormatOf(cell.Backend.Options)) is { } format) return format;
        IWorkload workload = WorkloadRegistry.Find(cell.Workload.Type);
        WorkloadShape? shape = workload.Shape(cell.Workload.Parameters);
        if (backend is IMeasuringBackend program)
        {
            if (program.WhyNot(cell.Backend.Options, shape) is { } reason) return reason;
        }
        SessionNeeds needs = workload.Needs(cell.Workload.Parameters, cell.Workload.Threads);
        if (backend.Unsuited(cell.Backend.Options, needs) is { } unsuited) return unsuited;
        if (backend is not IMeasuringBackend && shape is { IsInference: true }) return "one inference of a whole graph is measured by programs of the backend 'external' only";
        if (!outlines[cell.Model.Name].RandomWeights) return null;
        return workload.IsQuality ? "random weights have no accuracy: quality is measured on trained models only"
            : needs.OwnText ? "random weights write no text: take 'scenario: single-stream' for their speed"
            : null;
    }

    private static string? TooLong(WorkloadCost cost, MeasureSpec measure) => cost.Seconds >= measure.TimeLimit.TotalSeconds
        ? $"works for {cost.Seconds:0} s, and measure.time_limit ends it after {measure.TimeLimit.TotalSeconds:0} s: raise the limit"
        : null;
}
