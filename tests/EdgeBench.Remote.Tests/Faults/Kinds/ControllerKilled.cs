namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>kill -9 of the controller; the same command is given again. What gives its agent word is the end of a stream, through ssh.</summary>
internal sealed class ControllerKilled : IFault
{
    public string Name => "controller killed";

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random) => new() { MayLose = 1, MayLoseFinished = 1, MayEndCommand = true, MustBeNoticed = true };

    public Task StrikeAsync(FaultScene scene, Strike strike)
    {
        scene.Controllers[0].Kill();
        return Task.CompletedTask;
    }
}
