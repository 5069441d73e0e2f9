using System.Collections.Concurrent;
using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Installing;

/// <summary>
/// The agents that this machine can install on devices: one folder for each platform below <c>$EDGEBENCH_AGENT_PACKAGES</c>, else below the folder
/// <c>agents</c> beside the running program. <c>devices/publish-agents.sh</c> fills them.
/// </summary>
public static class AgentPackages
{
    public const string Variable = "EDGEBENCH_AGENT_PACKAGES";

    public static IReadOnlyList<string> Runtimes { get; } = ["linux-x64", "linux-arm64", "linux-arm"];

    private static readonly ConcurrentDictionary<(string Root, string Runtime), AgentPackage> s_read = [];

    public static string Root => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own ? Path.GetFullPath(own) : Path.Combine(AppContext.BaseDirectory, "agents");

    /// <summary>Those that are here.</summary>
    public static IReadOnlyList<AgentPackage> All => [.. Runtimes.Select(Find).OfType<AgentPackage>()];

    /// <summary>The package of a platform, or null.</summary>
    public static AgentPackage? Find(string runtime)
    {
        (string, string) key = (Root, runtime);
        if (s_read.TryGetValue(key, out AgentPackage? known)) return known;
        AgentPackage? read = AgentPackage.Read(runtime, Path.Combine(Root, runtime));
        return read is null ? null : s_read.GetOrAdd(key, read);
    }

    /// <summary>The package of a platform. Throws with the remedy where it is absent.</summary>
    public static AgentPackage Require(string runtime, string device) => Find(runtime) ?? throw EdgeBenchException.Infrastructure(
        $"there is no agent for {runtime}, which device '{device}' needs, in '{Path.Combine(Root, runtime)}'", "a self-contained agent for that platform",
        $"Run 'devices/publish-agents.sh {runtime}' in EdgeBench's sources, or set {Variable} to the folder that it filled.");
}
