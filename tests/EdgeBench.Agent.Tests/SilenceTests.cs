using System.Diagnostics;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Agent.Tests;

// Two classes, so that the two waits pass at the same time.
public class StoppedAgentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stopped_agent_is_noticed_within_thirty_seconds()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        Task<TrialOutcome> running = agent.RunTrialAsync(Double.Request("hang", seconds: 60), Cancellation);
        await Processes.UntilAsync(() => Processes.ChildrenOf(agent.Hello.ProcessId).Length == 1, 5, "a trial's process");
        Processes.Signal(agent.Hello.ProcessId, "STOP");
        Stopwatch watch = Stopwatch.StartNew();
        TrialOutcome outcome = await running;
        Assert.InRange(watch.Elapsed.TotalSeconds, 10, 30);
        Assert.Equal(FailureKind.DeviceLost, outcome.Failure?.Kind);
        Assert.Contains("no sign of life", outcome.Failure!.Message, StringComparison.Ordinal);
    }
}

public class StoppedControllerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agent_whose_controller_is_stopped_ends_with_its_trial()
    {
        using Process controller = Process.Start(Double.InFolder(AgentProgram.Command(Double.Program, "controller", EdgeBenchJson.Serialize(Double.Request("hang", seconds: 90)))))!;
        int agent = int.Parse((await controller.StandardOutput.ReadLineAsync(Cancellation))!);
        await Processes.UntilAsync(() => Processes.ChildrenOf(agent).Length == 1, 10, "a trial's process");
        int trial = Processes.ChildrenOf(agent)[0];
        Processes.Signal(controller.Id, "STOP");
        await Processes.UntilAsync(() => Processes.IsGone(agent) && Processes.IsGone(trial), 40, "the end of agent and trial");
        controller.Kill();
    }
}
