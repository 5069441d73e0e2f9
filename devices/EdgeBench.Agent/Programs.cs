using EdgeBench.Core.Backends;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Agent;

/// <summary>What an agent can run, by registered name; null where it cannot.</summary>
public sealed record Programs(Func<string, IBackend?> Backend, Func<string, IWorkload?> Workload);
