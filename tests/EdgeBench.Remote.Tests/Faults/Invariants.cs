using System.Diagnostics;
using EdgeBench.Core.IO;
using EdgeBench.TrialDouble;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>What must hold after every fault, by looking at journals, files and processes.</summary>
internal static class Invariants
{
    // An agent whose link froze ends itself after 25 to 30 s of silence.
    private const double IdleSeconds = 45;

    public static async Task<IReadOnlyList<string>> CheckAsync(FaultScene scene, Promise promise, Strike? strike, FaultReport report)
    {
        IReadOnlyList<JournalledTrial> trials = RunJournalTrials.Read(scene.Journal(FaultedRun.Controller));
        List<string> violations = [.. Accepted(scene, promise, trials), .. Lost(scene, promise, strike, trials, report), .. Overlaps(scene)];
        violations.AddRange(await IdleAsync(scene));
        return violations;
    }

    /// <summary>What still keeps the device busy, tuned or untidy when nobody uses it any more.</summary>
    public static async Task<IReadOnlyList<string>> IdleAsync(FaultScene scene)
    {
        List<string> violations = [];
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<int> left;
        while ((left = DeviceProcesses.Of(scene.DeviceFolder)).Count > 0 && watch.Elapsed.TotalSeconds < IdleSeconds) await Task.Delay(50);
        if (left.Count > 0) violations.Add($"still running after {IdleSeconds} s: {string.Join(", ", left.Select(DeviceProcesses.Describe))}");
        if (scene.GovernorNow != FaultScene.Governor) violations.Add($"the governor stays {scene.GovernorNow}");
        using (ProcessLock? lease = ProcessLock.TryAcquire(Path.Combine(scene.DeviceFolder, "lease.lock")))
            if (lease is null) violations.Add("the lease is held");
        violations.AddRange(Directory.EnumerateFiles(scene.DeviceFolder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(scene.DeviceFolder, path)).Where(path => !MayStay(path)).Select(path => $"left on the device: {path}"));
        int outcomes = Files(scene, "outcomes").Length;
        if (outcomes > 1) violations.Add($"{outcomes} outcomes that nobody will ask for");
        return violations;
    }

    // Each trial of the plan once, with its readings, and nothing that did not run.
    private static IEnumerable<string> Accepted(FaultScene scene, Promise promise, IReadOnlyList<JournalledTrial> trials)
    {
        string[] ended = [.. scene.Log.Where(note => note.What == "end").Select(note => note.Trial)];
        foreach (string cell in scene.Deeds.Keys)
        {
            JournalledTrial[] good = [.. trials.Where(trial => trial.Cell == cell && trial.Succeeded)];
            if (promise.Misbehaves is { } odd && odd.Cell == cell && odd.Kind is var kind)
            {
                if (good.Length > 0 || trials.Last(trial => trial.Cell == cell).Outcome.Failure?.Kind != kind)
                    yield return $"{cell} did not end with {kind}: {string.Join(", ", trials.Where(trial => trial.Cell == cell).Select(Describe))}";
            }
            else if (good.Length != 1)
            {
                yield return $"{cell} was accepted {good.Length} times: {string.Join(", ", trials.Where(trial => trial.Cell == cell).Select(Describe))}";
            }
        }
        foreach (JournalledTrial trial in trials.Where(trial => trial.Succeeded))
        {
            if (ended.Count(one => one == trial.Id) != 1) yield return $"{Describe(trial)} was accepted and ran {ended.Count(one => one == trial.Id)} times";
            long least = scene.Deeds[trial.Cell] switch { "measure much" => 100_000, "measure for a second" => 30, _ => 3 };
            if (trial.Readings < least) yield return $"{Describe(trial)} was accepted with {trial.Readings} readings; expected {least} at least";
        }
    }

    private static IEnumerable<string> Lost(FaultScene scene, Promise promise, Strike? strike, IReadOnlyList<JournalledTrial> trials, FaultReport report)
    {
        HashSet<string> accepted = [.. trials.Where(trial => trial.Succeeded).Select(trial => trial.Id)];
        foreach (string finished in strike?.Finished.Where(id => !accepted.Contains(id)) ?? []) yield return $"trial {finished} was finished before the fault and is lost";

        JournalledTrial[] failed = [.. trials.Where(trial => !trial.Succeeded && trial.Cell != promise.Misbehaves?.Cell)];
        int started = scene.Controllers.Where(controller => controller.Job.Folder == scene.Journal(FaultedRun.Controller))
            .Sum(controller => controller.Lines.Count(line => line.Words is ["started", ..]));
        int cutOff = Math.Max(0, started - trials.Count);
        report.Lost = failed.Length + cutOff;
        if (report.Lost > promise.MayLose) yield return $"{report.Lost} attempts were lost; at most {promise.MayLose}: {string.Join(", ", failed.Select(Describe))}";
        foreach (JournalledTrial trial in failed.Where(trial => !promise.Failures.Contains(trial.Outcome.Failure!.Kind))) yield return $"{Describe(trial)} failed as no trial may under this fault";
        int thrownAway = scene.Log.Where(note => note.What == "end").Select(note => note.Trial).Distinct().Count(id => !accepted.Contains(id) && OfThisRun(scene, id));
        if (thrownAway > promise.MayLoseFinished) yield return $"{thrownAway} finished trials never arrived; at most {promise.MayLoseFinished}";
    }

    // Trials of a second controller are in its own journal.
    private static bool OfThisRun(FaultScene scene, string trial) => scene.Controllers.Select(controller => controller.Job.Folder).Distinct()
        .Where(folder => folder != scene.Journal(FaultedRun.Controller)).All(folder => RunJournalTrials.Read(folder).All(other => other.Id != trial));

    private static IEnumerable<string> Overlaps(FaultScene scene)
    {
        (string Trial, long From, long To)[] spans = [.. scene.Log.Where(note => note.What == "end")
            .Select(end => (end.Trial, scene.Log.First(note => note.What == "begin" && note.Trial == end.Trial).At, end.At)).OrderBy(span => span.Item2)];
        for (int i = 1; i < spans.Length; i++)
        {
            if (spans[i].From < spans[i - 1].To) yield return $"trials {spans[i - 1].Trial} and {spans[i].Trial} ran at the same time";
        }
    }

    // The agent with its packages, what was received whole, the lease's record, and at most one outcome that its controller did not live to ask for.
    private static bool MayStay(string path) => path.Split('/') is ["agents", ..] or ["lease.json"] or ["lease.lock"]
        || (path.Split('/') is ["received", _, _] or ["outcomes", _] && !path.EndsWith(".partial", StringComparison.Ordinal));

    private static string[] Files(FaultScene scene, string folder) =>
        Directory.Exists(Path.Combine(scene.DeviceFolder, folder)) ? Directory.GetFiles(Path.Combine(scene.DeviceFolder, folder)) : [];

    private static string Describe(JournalledTrial trial) =>
        $"{trial.Cell} {trial.Id} {trial.Outcome.Failure?.Kind.ToString() ?? ControllerEvents.Accepted} {trial.Outcome.Failure?.Message}".TrimEnd();
}
