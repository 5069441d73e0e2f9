using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>kill -9 of the agent.</summary>
internal sealed class AgentKilled : IFault
{
    public string Name => "agent killed";

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random) => new() { MayLose = 1, MayLoseFinished = 1, MustBeNoticed = true, Failures = [FailureKind.DeviceLost] };

    public Task StrikeAsync(FaultScene scene, Strike strike)
    {
        DeviceProcesses.Kill(strike.Agent);
        return Task.CompletedTask;
    }
}
