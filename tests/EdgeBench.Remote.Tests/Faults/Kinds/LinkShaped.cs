namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>50 ms each way and 1 % of packets lost, all the time; nothing is lost by it.</summary>
internal sealed class LinkShaped : IFault
{
    public string Name => "link of 50 ms and 1 % loss";

    public IReadOnlyList<Moment> Moments { get; } = [];

    public Promise Arrange(FaultScene scene, Random random)
    {
        scene.Shape = LinkShape.Lossy(TimeSpan.FromMilliseconds(50), 0.01, random.Next());
        return new Promise();
    }
}
