using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Integration;
using EdgeBench.Devices.Power.Sessions;

namespace EdgeBench.Devices.Power.Rapl;

/// <summary>
/// Running Average Power Limit counters of x86 processors through Linux's powercap (Documentation/power/powercap/powercap.rst; Intel SDM 3B, 16.10; AMD has
/// the same files). Only top-level domains are summed: core, uncore and dram lie inside of, or beside, the package, and the mmio twin shows it again.
/// </summary>
public sealed class RaplMeter : IPowerMeter
{
    private const string Folder = "sys/class/powercap";

    // No processor package draws that much; a wider limit would let a reset pass for a wrap.
    private const double MostPackageWatts = 2000;

    public string Name => "rapl";

    public Type OptionsType => typeof(RaplOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Rail;

    public Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        RaplOptions asked = MeterOptions.Of<RaplOptions>(options);
        Domain[] domains = [.. root.Folders(Folder, "intel-rapl:").Where(folder => Path.GetFileName(folder).Count(c => c == ':') == 1)
            .Select(folder => new Domain(folder, root.Text($"{folder}/name") ?? ""))];
        bool platform = asked.Domain == RaplDomain.Psys;
        Domain[] mine = [.. domains.Where(domain => platform ? domain.Name == "psys" : domain.Name.StartsWith("package-", StringComparison.Ordinal))];
        if (mine.Length == 0) throw Absent(domains, platform);
        Counter[] counters = [.. mine.Select(domain => Open(root, domain))];
        MeterDescription description = new(MeterKind.Energy, platform ? EnergyBoundary.Board : EnergyBoundary.Rail,
            platform ? "psys (the platform, as the board's maker wired it)" : $"{string.Join(" + ", mine.Select(domain => domain.Name))} (processor packages; not memory, disks or power supply)");
        return Task.FromResult<IMeterSession>(PolledSession.OfFiles(description, asked.Rate, () => Sum(counters)));
    }

    private static MeterReading Sum(Counter[] counters)
    {
        double total = 0;
        ReadingFlaw flaw = ReadingFlaw.None;
        double at = MeterClock.Now;
        foreach (Counter counter in counters)
        {
            MeterReading reading = counter.Read();
            total += reading.Value;
            if (reading.Flaw > flaw) flaw = reading.Flaw;
            // A part of the packages is no figure of the machine.
            if (!reading.IsUsable) return reading;
        }
        return new MeterReading(at, total, flaw);
    }

    private static Counter Open(SystemRoot root, Domain domain)
    {
        string file = $"{domain.Folder}/energy_uj";
        if (root.Number(file) is null)
        {
            bool exists = File.Exists(Path.Combine(root.Folder, file));
            throw new MeterException(exists ? $"/{file} may not be read by this user" : $"there is no /{file}",
                exists ? "Let users read it (as root: chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj, at every boot by a udev rule), or run the agent as root."
                : "Load the kernel module intel_rapl_msr.");
        }
        long? range = root.Number($"{domain.Folder}/max_energy_range_uj");
        if (range is not > 0) throw new MeterException($"/{domain.Folder}/max_energy_range_uj holds no range: wraps could not be told from resets", "Update the kernel.");
        return new Counter(root, file, new CounterTrack(range.Value / 1e6, MostPackageWatts));
    }

    private static MeterException Absent(Domain[] domains, bool platform)
    {
        if (domains.Length == 0)
            return new MeterException($"there is no /{Folder}/intel-rapl:*", "Load the kernel module intel_rapl_msr; a virtual machine or an Arm processor has no such counters: take another meter.");
        string names = string.Join(", ", domains.Select(domain => domain.Name));
        return new MeterException($"RAPL has no {(platform ? "psys" : "package")} domain here (found: {names})", platform ? "Take domain: package." : "Take another meter.");
    }

    private sealed record Domain(string Folder, string Name);

    private sealed class Counter(SystemRoot root, string file, CounterTrack track)
    {
        public MeterReading Read()
        {
            double? joules = root.Number(file) / 1e6;
            return track.Advance(MeterClock.Now, joules);
        }
    }
}
