using System.Diagnostics;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>Waits for the moment of a fault by looking at the device.</summary>
internal static class Moments
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits; what was in the way where the moment did not come.</summary>
    /// <param name="victim">Which of the controller's trials, by order.</param>
    /// <param name="when">From 0 to 1: how far into the moment.</param>
    public static async Task<string?> WaitAsync(FaultScene scene, ControllerProcess controller, Moment moment, int victim, double when, TimeSpan limit)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Func<bool> isNow = moment switch
        {
            Moment.Upload => () => Incoming(scene.DeviceFolder) > when * scene.ArtifactBytes,
            Moment.HandOver => () => HasOutcome(scene.DeviceFolder),
            Moment.MidTrial => () => Trial(controller) != 0,
            _ => () => true,
        };
        bool Holds() => Started(controller) > victim && isNow();
        while (!Holds())
        {
            if (watch.Elapsed > limit || controller.HasExited) return $"the moment {moment} of trial {victim} did not come within {watch.Elapsed.TotalSeconds:0} s";
            await Task.Delay(s_look);
        }
        await Task.Delay(TimeSpan.FromSeconds(when * moment switch { Moment.Between => 0.2, Moment.MidTrial => 1.2, Moment.HandOver => 0.1, _ => 0 }));
        return null;
    }

    public static Strike Now(FaultScene scene, ControllerProcess controller) => new(
        scene.Watch.Elapsed, Agent(controller), Trial(controller), DeviceProcesses.Of(scene.DeviceFolder), controller.Accepted);

    /// <summary>Process of a controller's agent, as it last said it; 0 where it has none yet.</summary>
    public static int Agent(ControllerProcess controller) => controller.Lines.LastOrDefault(line => line.Words is ["started", ..]) is { } started ? int.Parse(started.Words[3]) : 0;

    /// <summary>Process of the trial that runs now; 0 where none does.</summary>
    public static int Trial(ControllerProcess controller) => Agent(controller) is > 0 and var agent
        ? Device.ChildrenOf(agent).FirstOrDefault(child => DeviceProcesses.Describe(child).Contains(" trial --parent", StringComparison.Ordinal)) : 0;

    private static int Started(ControllerProcess controller) => controller.Lines.Count(line => line.Words is ["started", ..]);

    private static long Incoming(string folder)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(folder, "incoming")).EnumerateFiles("*.partial", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            // Not there yet, or its set was completed while it was looked at.
            return 0;
        }
    }

    private static bool HasOutcome(string folder) => Directory.Exists(Path.Combine(folder, "outcomes")) && Directory.EnumerateFiles(Path.Combine(folder, "outcomes")).Any();
}
