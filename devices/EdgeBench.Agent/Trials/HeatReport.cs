using EdgeBench.Devices.Sensors;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Agent.Trials;

/// <summary>What a trial's outcome tells of heat, clocks and load.</summary>
internal static class HeatReport
{
    /// <summary>
    /// Those of <see cref="ConditionSnapshot.Between"/>, <c>throttled_bits_during</c> (a Raspberry Pi's bits 0 to 3: seen during the trial, set at its end, or
    /// new among those since boot) and <c>power_mode_changed</c> (1 where a Jetson's mode was another one after it).
    /// </summary>
    public static IReadOnlyDictionary<string, double> Conditions(ConditionSnapshot before, ConditionSnapshot after, HeatReadings heat)
    {
        Dictionary<string, double> conditions = new(ConditionSnapshot.Between(before, after));
        if (before.Throttled is { } was && after.Throttled is { } now) conditions["throttled_bits_during"] = ThrottledBits.Between(was.Value, now.Value) | (heat.Bits ?? 0);
        if (before.PowerMode is { } mode && after.PowerMode is { } later) conditions["power_mode_changed"] = mode == later ? 0 : 1;
        return conditions;
    }

    /// <summary>The trial's own facts and the power mode that it ran in.</summary>
    public static IReadOnlyDictionary<string, string> Facts(ConditionSnapshot before, IReadOnlyDictionary<string, string>? own)
    {
        Dictionary<string, string> facts = new(own ?? new Dictionary<string, string>());
        if (before.PowerMode is { } mode) facts["power_mode"] = mode;
        return facts;
    }

    public static IEnumerable<string> Warnings(ConditionSnapshot before, ConditionSnapshot after)
    {
        if ((before.ThrottledProblem ?? after.ThrottledProblem) is { } problem) yield return $"throttling is not known: {problem}";
        if (before.PowerMode is { } mode && after.PowerMode is { } later && mode != later) yield return $"the power mode was {mode} before the trial and {later} after it";
    }
}
