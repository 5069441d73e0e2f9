using EdgeBench.Agent;
using EdgeBench.Devices;
using EdgeBench.TrialDouble;

return args switch
{
    ["other-version"] => await ForeignAgents.OtherVersionAsync(),
    ["other-trial"] => await ForeignAgents.OtherTrialAsync(),
    ["huge-message"] => ForeignAgents.HugeMessage(),
    ["run", var job] => await RunController.RunAsync(job),
    ["controller", var request] => await Controller.RunAsync(request),
    _ => AgentHost.Run(args, new Programs(
        name => name == FakeBackend.TypeName ? new FakeBackend() : null,
        name => name == MisbehavingWorkload.TypeName ? new MisbehavingWorkload() : null)
    {
        // A recorded device in the place of this one.
        Root = Environment.GetEnvironmentVariable("EDGEBENCH_DOUBLE_ROOT") is { Length: > 0 } root ? new SystemRoot(root) : SystemRoot.Real,
    }),
};
