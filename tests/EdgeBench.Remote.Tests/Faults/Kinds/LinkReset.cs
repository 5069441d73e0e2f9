using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>The connection is reset at both ends.</summary>
internal sealed class LinkReset : IFault
{
    public string Name => "link reset";

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random) => new() { MayLose = 1, MayLoseFinished = 1, MustBeNoticed = true, Failures = [FailureKind.DeviceLost] };

    public Task StrikeAsync(FaultScene scene, Strike strike)
    {
        scene.Link.Break();
        return Task.CompletedTask;
    }
}
