using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>No byte passes for a while, then the connections that were are no more: a router that restarts.</summary>
internal sealed class LinkCutAndBroken : IFault
{
    public string Name => "link cut, then broken";

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random)
    {
        scene.CutSeconds = CutLength.Draw(scene, random);
        return new Promise { MayLose = 1, MayLoseFinished = 1, MustBeNoticed = true, Failures = [FailureKind.DeviceLost] };
    }

    public async Task StrikeAsync(FaultScene scene, Strike strike)
    {
        scene.Link.Frozen = true;
        await Task.Delay(TimeSpan.FromSeconds(scene.CutSeconds));
        scene.Link.Break();
        scene.Link.Frozen = false;
    }
}
