using System.Diagnostics;
using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>A trial's process hangs: asleep, busy, or with a child of its own.</summary>
internal sealed class TrialHangs : IFault
{
    private const double LimitSeconds = 6, GoneSeconds = 10;
    private static readonly string[] s_deeds = ["hang", "spin", "hang with a child"];

    public string Name => "trial hangs";

    public IReadOnlyList<Moment> Moments { get; } = [];

    public Promise Arrange(FaultScene scene, Random random)
    {
        string cell = scene.Misbehave(random, s_deeds);
        scene.TimeLimit = LimitSeconds;
        return new Promise { Misbehaves = (cell, FailureKind.Hang) };
    }

    public async Task WatchAsync(FaultScene scene, ControllerProcess controller, FaultReport report)
    {
        if (await scene.MisbehavingAsync(controller) is not { } trial) return;
        Stopwatch watch = Stopwatch.StartNew();
        // Its own child is there by then.
        await Task.Delay(TimeSpan.FromSeconds(LimitSeconds / 2));
        double? gone = await DeviceProcesses.GoneAsync([trial, .. Device.ChildrenOf(trial)], LimitSeconds + GoneSeconds);
        // Its agent counts from its start, which is a moment before it was seen.
        report.Gone = gone is null ? null : Math.Max(0, watch.Elapsed.TotalSeconds - LimitSeconds);
        if (report.Gone is not <= GoneSeconds) report.Violations.Add($"the hung trial was not gone {GoneSeconds} s after its limit");
    }
}
