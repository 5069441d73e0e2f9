using System.Diagnostics;

namespace EdgeBench.Benchmarks.Dense;

/// <summary>
/// Seconds that an action takes: with one thread the process's processor time, which leaves out the turns of other programs; with several threads
/// elapsed time, because waiting for each other is part of the work.
/// </summary>
internal static class WorkTime
{
    public static string Name(int threads) => threads == 1 ? "processor time" : "elapsed time";

    public static double Of(Action action, int threads)
    {
        if (threads == 1)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            action();
            return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
