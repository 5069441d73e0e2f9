using EdgeBench.Core.Cells;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics.Judging;

/// <summary>Whether the device slowed itself down, and whether the trials ran under like conditions of heat and clocks.</summary>
internal static class HeatFindings
{
    // Bits 1 to 3 of a Raspberry Pi: clock capped, throttled, soft temperature limit. Bit 0 is under-voltage.
    private const long UnderVoltage = 1, Slowed = 0b1110;

    private const string Sustained = "sustained";

    public static void Add(StoredCell cell, Findings findings)
    {
        // Quality does not depend on heat; an emulator's speed is not reported, and a modelled device has no heat.
        if (cell.IsQuality || cell.Tier != Tier.Measured) return;
        List<TrialOutcome> done = [.. cell.Trials.Select(trial => trial.Outcome).Where(outcome => outcome.Failure is null)];
        AddThrottling(cell, done, findings);
        AddCooldown(done, findings);
        if (cell.WorkloadType != Sustained) AddClockDrops(done, findings);
        AddDrift(done, findings);
    }

    // Of a sustained workload the slowing down is what is measured.
    private static void AddThrottling(StoredCell cell, List<TrialOutcome> done, Findings findings)
    {
        Action<string> slowed = cell.WorkloadType == Sustained ? findings.Note : findings.Invalid;
        int events = done.Count(outcome => outcome.Conditions.GetValueOrDefault("throttle_events") > 0);
        if (events > 0) slowed($"the device throttled in {events} of {done.Count} trials (its throttling counters rose): let it cool down before trials, or cool it better");
        List<long> bits = [.. done.Select(outcome => (long)outcome.Conditions.GetValueOrDefault("throttled_bits_during"))];
        int capped = bits.Count(bit => (bit & Slowed) != 0);
        if (capped > 0) slowed($"the device throttled or capped its clock in {capped} of {done.Count} trials (vcgencmd get_throttled): let it cool down before trials, or cool it better");
        int starved = bits.Count(bit => (bit & UnderVoltage) != 0);
        if (starved > 0) findings.Semivalid($"under-voltage in {starved} of {done.Count} trials: use a supply that gives enough current");
        int modes = done.Count(outcome => outcome.Conditions.GetValueOrDefault("power_mode_changed") > 0);
        if (modes > 0) findings.Invalid($"the power mode changed during {modes} of {done.Count} trials");
        string[] mixed = [.. done.Select(outcome => outcome.Facts.GetValueOrDefault("power_mode")).OfType<string>().Distinct()];
        if (mixed.Length > 1) findings.Invalid($"trials ran in different power modes: {string.Join(", ", mixed)}");
    }

    private static void AddCooldown(List<TrialOutcome> done, Findings findings)
    {
        List<TrialOutcome> exceeded = [.. done.Where(outcome => outcome.Conditions.GetValueOrDefault("cooldown_exceeded") > 0)];
        if (exceeded.Count == 0) return;
        double hottest = exceeded.Max(outcome => outcome.Conditions.GetValueOrDefault("cooldown_temperature_c"));
        findings.Semivalid($"{exceeded.Count} of {done.Count} trials began before the device had cooled down: the limit of the cool-down passed at up to {hottest:0.0} °C");
    }

    private static void AddClockDrops(List<TrialOutcome> done, Findings findings)
    {
        (double From, double To)[] drops = [.. done.Select(ClockDrop).OfType<(double From, double To)>().OrderBy(drop => drop.To / drop.From)];
        if (drops.Length == 0 || drops[0].To >= drops[0].From * (1 - ValidityRules.MostClockDrift)) return;
        findings.Semivalid($"the clock fell from {drops[0].From:0} to {drops[0].To:0} MHz during a trial (limit {ValidityRules.MostClockDrift:0%})");
    }

    // Median of the first and of the last third, so that one reading between two repetitions does not count as a drop.
    private static (double From, double To)? ClockDrop(TrialOutcome outcome)
    {
        double[] clocks = Readings(outcome, MetricRegistry.FastestClock);
        return clocks.Length < 6 ? null : (Median(clocks[..(clocks.Length / 3)]), Median(clocks[^(clocks.Length / 3)..]));
    }

    private static void AddDrift(List<TrialOutcome> done, Findings findings)
    {
        double[] starts = [.. done.Where(outcome => outcome.Conditions.ContainsKey("temperature_c_before")).Select(outcome => outcome.Conditions["temperature_c_before"])];
        if (starts.Length > 1 && starts.Max() - starts.Min() > ValidityRules.MostStartDrift)
            findings.Semivalid($"trials began between {starts.Min():0.0} and {starts.Max():0.0} °C (limit {ValidityRules.MostStartDrift:0} °C apart): ask for a 'cooldown' in the device's file");
        double[] clocks = [.. done.Select(outcome => Readings(outcome, MetricRegistry.FastestClock)).Where(readings => readings.Length >= 3).Select(Median)];
        if (clocks.Length > 1 && clocks.Min() < clocks.Max() * (1 - ValidityRules.MostClockDrift))
            findings.Semivalid($"trials ran at clocks from {clocks.Min():0} to {clocks.Max():0} MHz (limit {ValidityRules.MostClockDrift:0%} apart)");
    }

    private static double[] Readings(TrialOutcome outcome, Metric metric) =>
        outcome.Series.FirstOrDefault(series => series.Metric == metric.Name)?.Values.Where(double.IsFinite).ToArray() ?? [];

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
