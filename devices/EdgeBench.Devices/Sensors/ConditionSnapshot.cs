using EdgeBench.Devices.Facts;

namespace EdgeBench.Devices.Sensors;

/// <summary>The state of the device at one moment, taken before and after a trial and never during one.</summary>
public sealed class ConditionSnapshot
{
    private readonly CpuTimes? _times;
    private readonly double? _megahertz;
    private readonly double? _temperature;
    private readonly double? _load;
    private readonly long? _available;

    private ConditionSnapshot(SystemRoot root)
    {
        _times = CpuTimes.Read(root);
        _megahertz = Clock(root);
        _temperature = HottestZone(root);
        _load = double.TryParse(root.Text("proc/loadavg")?.Split(' ')[0], out double load) ? load : null;
        _available = LocalFacts.Kilobytes(root, "proc/meminfo", "MemAvailable");
        KernelKills = Kills(root);
    }

    /// <summary>Processes that the kernel has killed for want of memory since boot; null where it does not count them.</summary>
    public long? KernelKills { get; }

    public static ConditionSnapshot Take(SystemRoot root) => new(root);

    /// <summary>
    /// What is known of the time between two snapshots. Keys: <c>other_cpu_share</c> and <c>steal_share</c> (0 to 1 of all processors),
    /// <c>clock_mhz_before/after</c>, <c>temperature_c_before/after</c> (hottest zone), <c>load1_before</c>, <c>memory_available_before</c> (bytes),
    /// <c>oom_kills</c>. What the device does not offer is absent.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Between(ConditionSnapshot before, ConditionSnapshot after)
    {
        Dictionary<string, double> conditions = [];
        void Add(string name, double? value)
        {
            if (value is { } known) conditions[name] = known;
        }

        Add("other_cpu_share", before._times is { } start ? after._times?.OthersSince(start) : null);
        Add("steal_share", before._times is { } begin ? after._times?.StealSince(begin) : null);
        Add("clock_mhz_before", before._megahertz);
        Add("clock_mhz_after", after._megahertz);
        Add("temperature_c_before", before._temperature);
        Add("temperature_c_after", after._temperature);
        Add("load1_before", before._load);
        Add("memory_available_before", before._available);
        Add("oom_kills", after.KernelKills - before.KernelKills);
        return conditions;
    }

    private static double? Clock(SystemRoot root)
    {
        double[] clocks = [.. root.Folders("sys/devices/system/cpu", "cpu")
            .Select(cpu => root.Number($"{cpu}/cpufreq/scaling_cur_freq"))
            .OfType<long>().Select(kilohertz => kilohertz / 1000.0)];
        return clocks.Length > 0 ? clocks.Average() : new CpuInfo(root.Lines("proc/cpuinfo")).MeanMegahertz;
    }

    private static double? HottestZone(SystemRoot root)
    {
        double[] zones = [.. root.Folders("sys/class/thermal", "thermal_zone")
            .Select(zone => root.Number($"{zone}/temp"))
            .OfType<long>().Select(millidegrees => millidegrees / 1000.0)];
        return zones.Length > 0 ? zones.Max() : null;
    }

    private static long? Kills(SystemRoot root)
    {
        string? line = root.Lines("proc/vmstat").FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
        return long.TryParse(line?["oom_kill ".Length..], out long kills) ? kills : null;
    }
}
