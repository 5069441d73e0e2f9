using System.Globalization;
using EdgeBench.Core.Trials;

namespace EdgeBench.Remote.Tests.Faults.Kinds;

/// <summary>A trial's process takes memory until its limit ends it.</summary>
internal sealed class TrialEatsMemory : IFault
{
    private const long LimitBytes = 400L << 20;
    private const double GoneSeconds = 10;

    public string Name => "trial eats memory";

    public IReadOnlyList<Moment> Moments { get; } = [];

    public Promise Arrange(FaultScene scene, Random random)
    {
        string cell = scene.Misbehave(random, ["eat memory"]);
        scene.MemoryLimit = LimitBytes;
        return new Promise { Misbehaves = (cell, FailureKind.OutOfMemory) };
    }

    public async Task WatchAsync(FaultScene scene, ControllerProcess controller, FaultReport report)
    {
        if (await scene.MisbehavingAsync(controller) is not { } trial) return;
        while (!Device.IsGone(trial) && Resident(trial) < LimitBytes) await Task.Delay(5);
        report.Gone = await DeviceProcesses.GoneAsync([trial], GoneSeconds);
        if (report.Gone is null) report.Violations.Add($"the trial was not gone {GoneSeconds} s after it passed its memory limit");
    }

    // Pages resident: the second field (proc(5), statm).
    private static long Resident(int process)
    {
        try
        {
            return long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * System.Environment.SystemPageSize;
        }
        catch (Exception exception) when (exception is IOException or IndexOutOfRangeException)
        {
            return 0;
        }
    }
}
