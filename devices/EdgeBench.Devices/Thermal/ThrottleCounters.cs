using System.Globalization;

namespace EdgeBench.Devices.Thermal;

/// <summary>
/// Counters of throttling events since boot: Intel's <c>thermal_throttle</c> (kernel documentation, admin-guide/hw-vuln and x86 thermal_throttle), a
/// Jetson's over-current counters <c>oc*_event_cnt</c> (Jetson Linux Developer Guide, "Over-current event counters").
/// </summary>
public static class ThrottleCounters
{
    private const string Cpus = "sys/devices/system/cpu", Hwmon = "sys/class/hwmon";

    /// <summary>Events by counter; empty where the device has none.</summary>
    public static IReadOnlyDictionary<string, long> Read(SystemRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        Dictionary<string, long> counters = [];
        foreach (string cpu in root.Folders(Cpus, "cpu"))
        {
            if (root.Number($"{cpu}/thermal_throttle/core_throttle_count") is { } core)
                counters["core_throttle_count"] = counters.GetValueOrDefault("core_throttle_count") + core;
            // Every processor of a package shows the package's count.
            if (root.Number($"{cpu}/thermal_throttle/package_throttle_count") is not { } package) continue;
            string name = $"package_throttle_count {root.Text($"{cpu}/topology/physical_package_id") ?? "0"}";
            counters[name] = Math.Max(counters.GetValueOrDefault(name), package);
        }
        foreach (string chip in root.Folders(Hwmon, "hwmon"))
        {
            for (int i = 1; i <= 8; i++)
            {
                string number = i.ToString(CultureInfo.InvariantCulture);
                if (root.Number($"{chip}/oc{number}_event_cnt") is { } events) counters[$"{root.Text($"{chip}/name") ?? Path.GetFileName(chip)} oc{number}"] = events;
            }
        }
        return counters;
    }

    /// <summary>Events between two readings; null where none of the counters was there both times. A counter that fell was reset and counts from zero.</summary>
    public static long? Between(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        long? events = null;
        foreach ((string name, long count) in after)
        {
            if (before.TryGetValue(name, out long start)) events = (events ?? 0) + (count >= start ? count - start : count);
        }
        return events;
    }
}
