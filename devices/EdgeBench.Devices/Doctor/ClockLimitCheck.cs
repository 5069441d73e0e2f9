using EdgeBench.Core.Wire;
using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Doctor;

/// <summary>Whether the clocks may reach what the processor can do.</summary>
public sealed class ClockLimitCheck : IDoctorCheck
{
    public string Name => "clocks";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (string policy in CpuFrequency.Policies(context.Root))
        {
            if (context.Root.Number($"{policy}/cpuinfo_max_freq") is not { } largest || context.Root.Number($"{policy}/scaling_max_freq") is not { } allowed) continue;
            string name = Path.GetFileName(policy);
            yield return allowed < largest
                ? new(Name, Severity.Warning, $"{name} is limited to {allowed / 1000} of {largest / 1000} MHz", $"Write {largest} to /{policy}/scaling_max_freq, or choose a larger power mode.")
                : new(Name, Severity.Good, $"{name} may reach {allowed / 1000} MHz");
        }
    }
}
