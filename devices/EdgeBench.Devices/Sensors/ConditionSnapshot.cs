using EdgeBench.Devices.Facts;
using EdgeBench.Devices.Thermal;

namespace EdgeBench.Devices.Sensors;

/// <summary>The state of the device at one moment, taken before and after a trial and never during one.</summary>
public sealed class ConditionSnapshot
{
    private readonly CpuTimes? _times;
    private readonly double? _megahertz;
    private readonly IReadOnlyDictionary<string, double> _clocks, _zones;
    private readonly IReadOnlyDictionary<string, long> _throttling;
    private readonly double? _load;
    private readonly long? _available;

    private ConditionSnapshot(SystemRoot root)
    {
        _times = CpuTimes.Read(root);
        _clocks = CpuFrequency.Read(root);
        _megahertz = _clocks.Count > 0 ? _clocks.Values.Average() : new CpuInfo(root.Lines("proc/cpuinfo")).MeanMegahertz;
        _zones = ThermalZones.Read(root);
        _throttling = ThrottleCounters.Read(root);
        _load = double.TryParse(root.Text("proc/loadavg")?.Split(' ')[0], out double load) ? load : null;
        _available = LocalFacts.Kilobytes(root, "proc/meminfo", "MemAvailable");
        (Throttled, ThrottledProblem) = ThrottledBits.Read(root);
        (PowerMode, _) = JetsonPower.Mode(root);
        KernelKills = Kills(root);
    }

    /// <summary>Processes that the kernel has killed for want of memory since boot; null where it does not count them.</summary>
    public long? KernelKills { get; }

    /// <summary>A Raspberry Pi's throttling bits; null on other devices.</summary>
    public ThrottledBits? Throttled { get; }

    /// <summary>Why the bits could not be read where they should be there.</summary>
    public string? ThrottledProblem { get; }

    /// <summary>A Jetson's power mode; null on other devices.</summary>
    public string? PowerMode { get; }

    public static ConditionSnapshot Take(SystemRoot root) => new(root);

    /// <summary>
    /// What is known of the time between two snapshots. Keys: <c>other_cpu_share</c> and <c>steal_share</c> (0 to 1 of all processors),
    /// <c>clock_mhz_before/after</c> (mean) and <c>clock_mhz_before.cpu0</c> …, <c>temperature_c_before/after</c> (hottest zone) and
    /// <c>temperature_c_before.</c>zone …, <c>throttled_bits_before/after</c>, <c>throttle_events</c>, <c>load1_before</c>, <c>memory_available_before</c>
    /// (bytes), <c>oom_kills</c>. What the device does not offer is absent.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Between(ConditionSnapshot before, ConditionSnapshot after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Dictionary<string, double> conditions = [];
        void Add(string name, double? value)
        {
            if (value is { } known) conditions[name] = known;
        }

        Add("other_cpu_share", before._times is { } start ? after._times?.OthersSince(start) : null);
        Add("steal_share", before._times is { } begin ? after._times?.StealSince(begin) : null);
        foreach ((ConditionSnapshot one, string when) in new[] { (before, "before"), (after, "after") })
        {
            Add($"clock_mhz_{when}", one._megahertz);
            foreach ((string cpu, double clock) in one._clocks) Add($"clock_mhz_{when}.{cpu}", clock);
            Add($"temperature_c_{when}", one._zones.Count > 0 ? one._zones.Values.Max() : null);
            foreach ((string zone, double celsius) in one._zones) Add($"temperature_c_{when}.{zone}", celsius);
            Add($"throttled_bits_{when}", one.Throttled?.Value);
        }
        Add("throttle_events", ThrottleCounters.Between(before._throttling, after._throttling));
        Add("load1_before", before._load);
        Add("memory_available_before", before._available);
        Add("oom_kills", after.KernelKills - before.KernelKills);
        return conditions;
    }

    private static long? Kills(SystemRoot root)
    {
        string? line = root.Lines("proc/vmstat").FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal));
        return long.TryParse(line?["oom_kill ".Length..], out long kills) ? kills : null;
    }
}
