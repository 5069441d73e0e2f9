using EdgeBench.Core.Backends;
using EdgeBench.Core.Workloads;
using EdgeBench.Devices;

namespace EdgeBench.Agent;

/// <summary>What an agent can run, by registered name; null where it cannot.</summary>
public sealed record Programs(Func<string, IBackend?> Backend, Func<string, IWorkload?> Workload)
{
    /// <summary>Where the device's own files lie; a recorded tree in a test.</summary>
    public SystemRoot Root { get; init; } = SystemRoot.Real;
}
