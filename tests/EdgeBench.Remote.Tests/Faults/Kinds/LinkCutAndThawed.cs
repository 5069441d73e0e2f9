using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>No byte passes for a while, then all that waited goes on: a cable pulled and put back.</summary>
internal sealed class LinkCutAndThawed : IFault
{
    public string Name => "link cut, then thawed";

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random)
    {
        scene.CutSeconds = CutLength.Draw(scene, random);
        int lost = scene.CutSeconds < CutLength.Harmless ? 0 : 1;
        return new Promise { MayLose = lost, MayLoseFinished = lost, MustBeNoticed = scene.CutSeconds > CutLength.Noticed, Failures = [FailureKind.DeviceLost] };
    }

    public async Task StrikeAsync(FaultScene scene, Strike strike)
    {
        scene.Link.Frozen = true;
        await Task.Delay(TimeSpan.FromSeconds(scene.CutSeconds));
        scene.Link.Frozen = false;
    }
}
