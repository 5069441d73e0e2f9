using EdgeBench.Core.Problems;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Generation;
using EdgeBench.Suites.Inference;
using EdgeBench.Suites.Perplexity;
using EdgeBench.Suites.SingleStream;
using EdgeBench.Suites.Sustained;
using EdgeBench.Suites.Tasks.Classification;
using EdgeBench.Suites.Tasks.ExactMatch;
using EdgeBench.Suites.Tasks.MultipleChoice;

namespace EdgeBench.Suites;

/// <summary>Every workload, listed once.</summary>
public static class WorkloadRegistry
{
    public static IReadOnlyList<IWorkload> All { get; } =
    [
        new SingleStreamWorkload(),
        new SustainedWorkload(),
        new GenerationWorkload(),
        new InferenceWorkload(),
        new PerplexityWorkload(),
        new MultipleChoiceWorkload(),
        new ExactMatchWorkload(),
        new ClassificationWorkload(),
    ];

    /// <summary>The workload of that name; throws <see cref="EdgeBenchException"/> (exit code 2) with the nearest name.</summary>
    public static IWorkload Find(string name)
    {
        foreach (IWorkload workload in All)
        {
            if (workload.Name == name) return workload;
        }
        IEnumerable<string> names = All.Select(workload => workload.Name);
        throw EdgeBenchException.BadInput($"workload '{name}'", $"one of: {string.Join(", ", names)}", Nearest.Question(name, names));
    }
}
