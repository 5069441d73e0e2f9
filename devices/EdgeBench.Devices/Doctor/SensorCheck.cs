using EdgeBench.Core.Wire;
using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Doctor;

/// <summary>Which sensors can be read, and why others cannot.</summary>
public sealed class SensorCheck : IDoctorCheck
{
    private const string Rapl = "sys/class/powercap";

    public string Name => "sensors";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyDictionary<string, double> zones = ThermalZones.Read(context.Root);
        yield return zones.Count > 0
            ? new(Name, Severity.Good, $"temperature: {string.Join(", ", zones.Take(8).Select(zone => $"{zone.Key} {zone.Value:0.0} °C"))}{(zones.Count > 8 ? " …" : "")}")
            : new(Name, Severity.Note, "no temperature sensor in /sys/class/thermal (usual in a virtual machine): 'cooldown: { below }' and heat rules do not apply");
        int cores = CpuFrequency.Read(context.Root).Count;
        yield return cores > 0
            ? new(Name, Severity.Good, $"clocks of {cores} processors")
            : new(Name, Severity.Note, "no clocks in /sys/devices/system/cpu (usual in a virtual machine): clock drift is not seen");
        foreach (string domain in context.Root.Folders(Rapl, "intel-rapl:").Where(domain => context.Root.Exists($"{domain}/energy_uj")))
        {
            string shown = $"/{domain}/energy_uj";
            yield return context.Root.WhyUnreadable($"{domain}/energy_uj") is { } why
                ? new(Name, Severity.Warning, $"energy of {context.Root.Text($"{domain}/name") ?? Path.GetFileName(domain)}: {why}", $"Let this user read it: sudo chmod a+r {shown} (until the next boot), or a udev rule.")
                : new(Name, Severity.Good, $"energy of {context.Root.Text($"{domain}/name") ?? Path.GetFileName(domain)} ({shown})");
        }
    }
}
