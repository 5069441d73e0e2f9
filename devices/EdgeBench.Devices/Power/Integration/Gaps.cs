using System.Globalization;

namespace EdgeBench.Devices.Power.Integration;

/// <summary>Time inside some stretches that lies between two readings too far apart, or before the first or after the last.</summary>
internal sealed record Gaps(IReadOnlyList<TimeStretch> All, double Seconds)
{
    /// <param name="longest">Seconds between two readings that are no gap yet.</param>
    public static Gaps Find(MeterReading[] ordered, IReadOnlyList<TimeStretch> stretches, double longest)
    {
        List<TimeStretch> all = [];
        double seconds = 0;
        void Take(double from, double to)
        {
            double shared = stretches.Sum(stretch => stretch.Overlap(from, to));
            if (shared <= 0) return;
            all.Add(new TimeStretch(from, to));
            seconds += shared;
        }

        Take(double.NegativeInfinity, ordered[0].At);
        for (int i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].At - ordered[i - 1].At > longest) Take(ordered[i - 1].At, ordered[i].At);
        }
        Take(ordered[^1].At, double.PositiveInfinity);
        return new Gaps(all, seconds);
    }

    /// <summary>The longest ones as findings.</summary>
    /// <param name="start">Of the window, to which the times in the texts refer.</param>
    public IEnumerable<MeterFinding> Name(double start, int most)
    {
        foreach (TimeStretch gap in All.OrderByDescending(gap => gap.Seconds).Take(most))
        {
            string text = double.IsNegativeInfinity(gap.From) ? string.Create(CultureInfo.InvariantCulture, $"no reading before {gap.To - start:0.0#} s")
                : double.IsPositiveInfinity(gap.To) ? string.Create(CultureInfo.InvariantCulture, $"no reading after {gap.From - start:0.0#} s")
                : string.Create(CultureInfo.InvariantCulture, $"gap of {gap.Seconds:0.0#} s at {gap.From - start:0.0#} s");
            yield return new MeterFinding(MeterFindingKind.Gap, text);
        }
        if (All.Count > most) yield return new MeterFinding(MeterFindingKind.Gap, $"{All.Count - most} more gaps");
    }
}
