using System.Diagnostics;

namespace EdgeBench.Devices.Power;

/// <summary>The system's monotonic clock in seconds, the same for every process: setting the wall clock does not move it.</summary>
public static class MeterClock
{
    public static double Now => Seconds(Stopwatch.GetTimestamp());

    /// <summary>Seconds of a timestamp of <see cref="Stopwatch"/>.</summary>
    public static double Seconds(long timestamp) => timestamp / (double)Stopwatch.Frequency;
}
