namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>
/// A second controller comes while the first one works: it waits, is told for whom, and has its trials after; in half of the runs the first one is killed while
/// the second one waits.
/// </summary>
internal sealed class TwoControllers : IFault
{
    private const string Second = "second";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    public string Name => "two controllers";

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random)
    {
        bool killed = random.Next(2) == 0;
        scene.CutSeconds = killed ? 0.2 + random.NextDouble() * 2 : 0;
        return killed ? new Promise { MayLose = 1, MayLoseFinished = 1, MayEndCommand = true } : new Promise();
    }

    public async Task StrikeAsync(FaultScene scene, Strike strike)
    {
        ControllerProcess second = scene.StartController(Second, 1, new Dictionary<string, string> { ["other0"] = "measure", ["other1"] = "measure for a second" });
        if (scene.CutSeconds > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(scene.CutSeconds));
            scene.Controllers[0].Kill();
        }
        await second.EndAsync(s_limit);
    }

    public IEnumerable<string> Check(FaultScene scene, FaultReport report)
    {
        ControllerProcess second = scene.Controllers.First(controller => controller.Job.Folder == scene.Journal(Second));
        if (!second.HasExited || second.ExitCode != 0 || second.Accepted.Count != 2) yield return "the second controller did not complete its plan";
    }
}
