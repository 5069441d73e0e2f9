using EdgeBench.Agent;
using EdgeBench.Backends;
using EdgeBench.Suites;

return AgentHost.Run(args, new Programs(
    name => BackendRegistry.All.FirstOrDefault(backend => backend.Name == name),
    name => WorkloadRegistry.All.FirstOrDefault(workload => workload.Name == name)));
