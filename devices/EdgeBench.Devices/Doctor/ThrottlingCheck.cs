using EdgeBench.Core.Wire;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Doctor;

/// <summary>Whether the device slows itself down, or has since boot.</summary>
public sealed class ThrottlingCheck : IDoctorCheck
{
    private const string Cool = "Cool the device, and let it rest before trials: 'cooldown: { below: 60 }' in its file.";

    public string Name => "throttling";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (ThrottledBits? bits, string? problem) = ThrottledBits.Read(context.Root);
        if (problem is not null) yield return new(Name, Severity.Warning, problem, "Add the user to the group 'video', or run 'vcgencmd get_throttled' to see what it wants.");
        if (bits is { } raspberry)
        {
            if (raspberry.Now.Count > 0) yield return new(Name, Severity.Error, $"now: {string.Join(", ", raspberry.Now)}", raspberry.HasUnderVoltage ? "Use a supply that gives enough current." : Cool);
            if (raspberry.SinceBoot.Count > 0) yield return new(Name, Severity.Note, $"since boot: {string.Join(", ", raspberry.SinceBoot)}", "Restart the device to see new events apart from old ones.");
            if (raspberry.Value == 0) yield return new(Name, Severity.Good, "not throttled since boot (vcgencmd get_throttled)");
        }
        foreach ((string counter, long events) in ThrottleCounters.Read(context.Root).Where(counter => counter.Value > 0))
            yield return new(Name, Severity.Note, $"{events} throttling events of {counter} since boot", Cool);
        if (bits is null && problem is null && ThrottleCounters.Read(context.Root).Values.All(events => events == 0))
        {
            yield return ThrottleCounters.Read(context.Root).Count > 0
                ? new(Name, Severity.Good, "no throttling events since boot")
                : new(Name, Severity.Note, "this device does not tell whether it throttles");
        }
    }
}
