using EdgeBench.Agent;
using EdgeBench.TrialDouble;

return args switch
{
    ["other-version"] => await ForeignAgents.OtherVersionAsync(),
    ["other-trial"] => await ForeignAgents.OtherTrialAsync(),
    ["huge-message"] => ForeignAgents.HugeMessage(),
    ["controller", var request] => await Controller.RunAsync(request),
    _ => AgentHost.Run(args, new Programs(
        name => name == FakeBackend.TypeName ? new FakeBackend() : null,
        name => name == MisbehavingWorkload.TypeName ? new MisbehavingWorkload() : null)),
};
