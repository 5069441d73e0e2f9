using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>
/// The device's disk fills up and is freed again. What cannot be stored cannot start, and the same command completes the plan later; a trial that had its files
/// needs no disk to be measured and to arrive.
/// </summary>
internal sealed class DiskFull : IFault
{
    private const int Megabytes = 100;

    public string Name => "device's disk full";

    public string? Lacks => SmallMount.Available ? null : "the right to mount a tmpfs";

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random)
    {
        scene.DeviceFolder = scene.Own(new SmallMount(scene.NewFile("disk"), Megabytes)).Path;
        scene.CutSeconds = 0.3 + random.NextDouble() * 2;
        return new Promise { MayLose = scene.Deeds.Count, MayEndCommand = true, Failures = [FailureKind.MissingArtifact] };
    }

    public async Task StrikeAsync(FaultScene scene, Strike strike)
    {
        string filler = Path.Combine(scene.DeviceFolder, "filler");
        SmallMount.Fill(filler);
        await Task.Delay(TimeSpan.FromSeconds(scene.CutSeconds));
        File.Delete(filler);
    }
}
