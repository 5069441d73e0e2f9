namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>
/// The device's clock is set an hour forward or back: its agent and trials see it through libfaketime (Debian: faketime), which answers for the clock of the day
/// and leaves the monotonic clock alone, as a step does. Times of files stay the kernel's.
/// </summary>
internal sealed class ClockStepped : IFault
{
    private static readonly string? s_library = new[] { "x86_64", "aarch64" }
        .Select(machine => $"/usr/lib/{machine}-linux-gnu/faketime/libfaketimeMT.so.1").FirstOrDefault(File.Exists);

    public string Name => "clock stepped by an hour";

    public string? Lacks => s_library is null ? "libfaketime (Debian: faketime)" : null;

    public IReadOnlyList<Moment> Moments { get; } = Enum.GetValues<Moment>();

    public Promise Arrange(FaultScene scene, Random random)
    {
        scene.ClockStep = random.Next(2) == 0 ? "+3600" : "-3600";
        File.WriteAllText(scene.NewFile("clock"), "+0\n");
        scene.Environment = $"export LD_PRELOAD='{s_library}' FAKETIME_TIMESTAMP_FILE='{scene.NewFile("clock")}' FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1\n";
        return new Promise();
    }

    public Task StrikeAsync(FaultScene scene, Strike strike)
    {
        // Renamed over the old one: no reader meets half of it.
        File.WriteAllText(scene.NewFile("clock.new"), scene.ClockStep + "\n");
        File.Move(scene.NewFile("clock.new"), scene.NewFile("clock"), overwrite: true);
        return Task.CompletedTask;
    }

    // A step that no trial saw would prove nothing.
    public IEnumerable<string> Check(FaultScene scene, FaultReport report)
    {
        if (scene.Next is not { } next || Math.Abs((DateTimeOffset.UtcNow - next.StartedAt).TotalMinutes) < 50)
            yield return $"the clock was not stepped: the next trial says that it started at {scene.Next?.StartedAt:O}";
        foreach (JournalledTrial trial in RunJournalTrials.Read(scene.Journal(FaultedRun.Controller)).Where(trial => trial.Outcome.Seconds is < 0 or > 600))
            yield return $"trial {trial.Id} took {trial.Outcome.Seconds} s by its agent";
    }
}
