using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>kill -9 of the trial's process. Its failure stays until the command is given again.</summary>
internal sealed class TrialKilled : IFault
{
    public string Name => "trial killed";

    public IReadOnlyList<Moment> Moments { get; } = [Moment.MidTrial];

    public Promise Arrange(FaultScene scene, Random random) => new() { MayLose = 1, MayLoseFinished = 1, MayEndCommand = true, Failures = [FailureKind.Crash] };

    public Task StrikeAsync(FaultScene scene, Strike strike)
    {
        if (strike.Trial != 0) DeviceProcesses.Kill(strike.Trial);
        return Task.CompletedTask;
    }
}
