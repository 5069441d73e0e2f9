using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Transfer;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>A trial of somebody else on the device when all is over: the lease is free, files arrive, the trial runs, its outcome comes.</summary>
internal static class NextTrial
{
    /// <summary>Why it came to nothing, or null.</summary>
    public static async Task<string?> RunAsync(FaultScene scene)
    {
        try
        {
            AgentProcess ssh = AgentProcess.Start(SshCommand.Of(scene.Ssh, "board", "env", $"EDGEBENCH_CACHE={scene.DeviceFolder}", scene.AgentPath, "serve"));
            await using AgentConnection agent = await AgentConnection.GreetAsync("board", ssh, CancellationToken.None);
            LeaseAnswer lease = await agent.TakeLeaseAsync(new LeaseRequest("the next one", Guid.NewGuid().ToString("N"), KeepOutcomes: true), CancellationToken.None);
            if (lease.Busy is { } holder) return $"the device is in use by {holder.Holder}";
            TrialRequest request = Device.Request("measure", scene.Artifact("next")) with { Tuning = FaultScene.Tuning };
            (TrialRequest placed, TrialFailure? refused) = await RequestFiles.SendAsync(new FileSender(agent, 0), request, null, CancellationToken.None);
            if (refused is not null) return refused.Message;
            scene.Next = await agent.RunTrialAsync(placed, CancellationToken.None);
            await agent.AcknowledgeAsync(request.TrialId, CancellationToken.None);
            return scene.Next.Failure?.Message ?? (scene.Next.Series.Count == 0 ? "no readings" : null);
        }
        catch (EdgeBenchException error)
        {
            return error.Message;
        }
    }
}
