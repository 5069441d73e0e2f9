using EdgeBench.Backends.External;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Backends.Managed;
using EdgeBench.Backends.OnnxRuntime;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;

namespace EdgeBench.Backends;

/// <summary>Every backend, listed once.</summary>
public static class BackendRegistry
{
    public static IReadOnlyList<IBackend> All { get; } = [new ManagedBackend(), new LlamaCppBackend(), new OnnxRuntimeBackend(), new ExternalBackend()];

    /// <summary>The backend of that name; throws <see cref="EdgeBenchException"/> (exit code 2) with the nearest name.</summary>
    public static IBackend Find(string name)
    {
        foreach (IBackend backend in All)
        {
            if (backend.Name == name) return backend;
        }
        IEnumerable<string> names = All.Select(backend => backend.Name);
        throw EdgeBenchException.BadInput($"backend '{name}'", $"one of: {string.Join(", ", names)}", Nearest.Question(name, names));
    }
}
