using EdgeBench.Backends.External.Tools;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.External;

/// <summary>Every kind of program, listed once.</summary>
internal static class ExternalToolRegistry
{
    public static IReadOnlyList<IExternalTool> All { get; } = [new LlamaBenchTool(), new BenchmarkModelTool(), new TrtexecTool(), new PerfTestTool(), new JsonLinesTool()];

    /// <summary>Throws <see cref="TrialException"/> with the nearest name.</summary>
    public static IExternalTool Find(string name)
    {
        IEnumerable<string> names = All.Select(tool => tool.Name);
        return All.FirstOrDefault(tool => tool.Name == name)
            ?? throw new TrialException(FailureKind.Unsupported, $"tool '{name}'; expected one of: {string.Join(", ", names)}", Nearest.Question(name, names));
    }
}
