using EdgeBench.Core.Wire;
using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Doctor;

/// <summary>Whether clocks follow the load, which makes short trials slower than long ones.</summary>
public sealed class GovernorCheck : IDoctorCheck
{
    public string Name => "governor";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        string[] governors = [.. CpuFrequency.Policies(context.Root).Select(policy => context.Root.Text($"{policy}/scaling_governor")).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (governors.Length == 0)
        {
            yield return new(Name, Severity.Note, "the kernel shows no frequency governor (usual in a virtual machine)");
            yield break;
        }
        bool steady = governors is ["performance"];
        yield return new(Name, steady ? Severity.Good : Severity.Warning, $"governor {string.Join(", ", governors)}",
            steady ? null : "Write 'tuning: { governor: performance }' in the device's file (needs permission), or run 'cpupower frequency-set -g performance'.");
    }
}
