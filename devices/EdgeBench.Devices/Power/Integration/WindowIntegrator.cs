using System.Globalization;

namespace EdgeBench.Devices.Power.Integration;

/// <summary>Integrates a meter's readings over stretches of time, or refuses with the reason.</summary>
public static class WindowIntegrator
{
    /// <summary>Below this, a figure is marked: start-up of readings and filters inside meters weigh too much.</summary>
    public const double ShortestSeconds = 10;

    private const int FewestReadings = 4;

    // Longer than this many usual distances of readings is a gap; jitter is not.
    private const double GapPeriods = 3.5;

    // Repetitions of fewer periods, with more than this share of pauses around them, cannot be told from the pauses.
    private const double RepetitionPeriods = 10, MostPause = 0.1;

    private const int GapsNamed = 3;

    /// <summary>Energy of <paramref name="stretches"/>: in order, without overlap (<see cref="TimeStretch.Union"/>).</summary>
    /// <param name="resolution">Smallest step of a reading; null guesses it from the readings.</param>
    /// <param name="maxGapShare">Share of the stretches that may lie in gaps.</param>
    public static WindowEnergy Integrate(
        MeterKind kind, double? resolution, IReadOnlyList<MeterReading> readings, IReadOnlyList<TimeStretch> stretches, double maxGapShare)
    {
        ArgumentNullException.ThrowIfNull(readings);
        ArgumentNullException.ThrowIfNull(stretches);
        double seconds = stretches.Sum(stretch => stretch.Seconds);
        List<MeterFinding> findings = [];
        WindowEnergy None(MeterFindingKind kind, string why)
        {
            findings.Add(new MeterFinding(kind, why));
            return new WindowEnergy(seconds, null, why, findings);
        }

        if (stretches.Count == 0) return None(MeterFindingKind.TooFewReadings, "no time to integrate over");
        TimeStretch hull = new(stretches[0].From, stretches[^1].To);
        MeterReading[] ordered = Ordered(readings, hull, findings);
        EnergyCurve? curve = EnergyCurve.Of(kind, ordered);
        int inside = ordered.Count(reading => reading.At >= hull.From && reading.At <= hull.To);
        if (curve is null || inside < FewestReadings)
            return None(MeterFindingKind.TooFewReadings, Invariant($"{inside} readings in {hull.Seconds:0.##} s; at least {FewestReadings} are needed"));

        double period = Median([.. ordered.Zip(ordered.Skip(1), (a, b) => b.At - a.At)]);
        if (Array.Exists(ordered, reading => reading.Flaw == ReadingFlaw.Reset && Touches(ordered, reading, stretches)))
            return None(MeterFindingKind.Reset, "the meter's counter was reset, or jumped, while it was measured");
        Gaps gaps = Gaps.Find(ordered, stretches, GapPeriods * period);
        findings.AddRange(gaps.Name(hull.From, GapsNamed));
        if (gaps.Seconds > maxGapShare * seconds)
            return None(MeterFindingKind.Gap, Invariant($"{gaps.Seconds:0.0#} s of {seconds:0.0#} s lie in gaps between readings ({gaps.Seconds / seconds:0%}, limit {maxGapShare:0%})"));
        double pause = 1 - (seconds / hull.Seconds);
        if (pause > MostPause && seconds / stretches.Count < RepetitionPeriods * period)
        {
            return None(MeterFindingKind.ShortRepetitions, Invariant(
                $"repetitions of {seconds / stretches.Count:0.00#} s with pauses between them ({pause:0%}) are too short for readings every {period:0.00#} s"));
        }
        if (seconds < ShortestSeconds) findings.Add(new(MeterFindingKind.ShortWindow, Invariant($"a window of {seconds:0.0#} s, shorter than {ShortestSeconds:0} s")));
        double joules = stretches.Sum(curve.Joules);
        double sampling = Sampling(kind, ordered, stretches, joules);
        double step = resolution ?? ReadingStep.Of(ordered);
        // A rounded power is off by half a step all the time; a counter by a step at either end.
        double rounding = kind == MeterKind.Power ? step / 2 * seconds : 2 * step;
        double unseen = kind == MeterKind.Power ? gaps.Seconds * (ordered.Max(reading => reading.Value) - ordered.Min(reading => reading.Value)) / 2 : 0;
        double uncertainty = Math.Sqrt((sampling * sampling) + (rounding * rounding) + (unseen * unseen));
        return new WindowEnergy(seconds, new EnergyFigure(joules, uncertainty, Peak(kind, curve, hull, period)), null, findings);
    }

    private static MeterReading[] Ordered(IReadOnlyList<MeterReading> readings, TimeStretch hull, List<MeterFinding> findings)
    {
        List<MeterReading> ordered = [];
        int late = 0;
        foreach (MeterReading reading in readings.Where(reading => reading.IsUsable))
        {
            if (ordered.Count == 0 || reading.At > ordered[^1].At) ordered.Add(reading);
            else late++;
        }
        if (late > 0) findings.Add(new(MeterFindingKind.OutOfOrder, $"{late} readings out of order, left out"));
        foreach (var flaw in readings.Where(reading => !reading.IsUsable && reading.At >= hull.From && reading.At <= hull.To).CountBy(reading => reading.Flaw))
            findings.Add(Flawed(flaw.Key, flaw.Value));
        return [.. ordered];
    }

    private static MeterFinding Flawed(ReadingFlaw flaw, int count) => flaw switch
    {
        ReadingFlaw.Unreadable => new(MeterFindingKind.Unreadable, $"{count} readings failed"),
        ReadingFlaw.NotANumber => new(MeterFindingKind.NotANumber, $"{count} readings were not numbers, or beyond belief"),
        ReadingFlaw.Negative => new(MeterFindingKind.Negative, $"{count} readings were negative"),
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, "no flaw that takes a reading out"),
    };

    // The energy between a reset and the reading before it is unknown.
    private static bool Touches(MeterReading[] ordered, MeterReading reset, IReadOnlyList<TimeStretch> stretches)
    {
        int at = Array.IndexOf(ordered, reset);
        return at > 0 && stretches.Any(stretch => stretch.Overlap(ordered[at - 1].At, reset.At) > 0);
    }

    // What half as many readings would have said, both halves: for a smooth power three times the error of all of them (Richardson), for an abrupt one of its order.
    private static double Sampling(MeterKind kind, MeterReading[] ordered, IReadOnlyList<TimeStretch> stretches, double joules)
    {
        double largest = 0;
        for (int offset = 0; offset < 2; offset++)
        {
            if (EnergyCurve.Of(kind, ordered.Where((_, i) => i % 2 == offset)) is { } half) largest = Math.Max(largest, Math.Abs(stretches.Sum(half.Joules) - joules));
        }
        return largest;
    }

    private static double Peak(MeterKind kind, EnergyCurve curve, TimeStretch hull, double period)
    {
        IReadOnlyList<MeterReading> readings = curve.Readings;
        double peak = 0;
        for (int i = 1; i < readings.Count; i++)
        {
            if (readings[i].At < hull.From || readings[i].At > hull.To) continue;
            // Two readings of a counter that nearly coincide would divide its step by nothing.
            if (kind == MeterKind.Power) peak = Math.Max(peak, readings[i].Value);
            else if (readings[i].At - readings[i - 1].At > period / 2) peak = Math.Max(peak, curve.MeanWatts(i));
        }
        return peak;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
