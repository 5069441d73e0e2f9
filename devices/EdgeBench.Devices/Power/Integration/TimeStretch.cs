namespace EdgeBench.Devices.Power.Integration;

/// <summary>A stretch of time in seconds on the monotonic clock.</summary>
public readonly record struct TimeStretch(double From, double To)
{
    public double Seconds => To - From;

    /// <summary>Seconds that it shares with another.</summary>
    public double Overlap(double from, double to) => Math.Max(0, Math.Min(To, to) - Math.Max(From, from));

    /// <summary>In order and without overlap; empty ones are left out.</summary>
    public static IReadOnlyList<TimeStretch> Union(IEnumerable<TimeStretch> stretches)
    {
        List<TimeStretch> union = [];
        foreach (TimeStretch next in stretches.Where(stretch => stretch.Seconds > 0).OrderBy(stretch => stretch.From))
        {
            if (union.Count > 0 && next.From <= union[^1].To) union[^1] = union[^1] with { To = Math.Max(union[^1].To, next.To) };
            else union.Add(next);
        }
        return union;
    }
}
