using EdgeBench.Core.Wire;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Doctor;

/// <summary>A Jetson's power mode: which cores are on and how fast they may be.</summary>
public sealed class PowerModeCheck : IDoctorCheck
{
    public string Name => "power mode";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (string? mode, string? problem) = JetsonPower.Mode(context.Root);
        if (problem is not null) yield return new(Name, Severity.Warning, problem, "Run 'sudo nvpmodel -q' on the device to see what it wants.");
        if (mode is null) yield break;
        bool largest = mode.StartsWith("MAXN", StringComparison.Ordinal);
        yield return new(Name, largest ? Severity.Good : Severity.Note, $"nvpmodel mode {mode}", largest ? null : "Other modes measure other devices: choose with 'sudo nvpmodel -m <id>' and keep it for all trials.");
    }
}
