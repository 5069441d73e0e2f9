namespace EdgeBench.Running.Planning;

/// <summary>Sums of estimates that stop at the largest value: an absurd configuration gives an absurd plan, not a crash.</summary>
internal static class Saturating
{
    public static TimeSpan Time(double seconds) =>
        seconds >= TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue : TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    public static long Bytes(decimal bytes) => bytes >= long.MaxValue ? long.MaxValue : (long)bytes;
}
