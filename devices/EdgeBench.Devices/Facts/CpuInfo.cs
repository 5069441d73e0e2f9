namespace EdgeBench.Devices.Facts;

/// <summary>What <c>/proc/cpuinfo</c> says, in its x86 and its Arm spelling.</summary>
internal sealed class CpuInfo
{
    private static readonly string[] s_interesting =
    [
        "sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx_vnni_int8", "avx512f", "avx512bw", "avx512vl", "avx512vbmi", "avx512_vbmi2",
        "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16",
        "neon", "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2", "sme",
    ];

    private readonly List<KeyValuePair<string, string>> _entries = [];

    public CpuInfo(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) _entries.Add(new(line[..colon].Trim(), line[(colon + 1)..].Trim()));
        }
    }

    public int Processors => _entries.Count(entry => entry.Key == "processor");

    /// <summary>Written by an x86 kernel.</summary>
    public bool IsX86 => First("vendor_id") is not null;

    /// <summary>Written by an Arm kernel.</summary>
    public bool IsArm => First("CPU implementer") is not null;

    public bool Hypervisor => Flags().Contains("hypervisor");

    /// <summary>Mean of the clocks in MHz that the kernel shows, or null (Arm kernels show none).</summary>
    public double? MeanMegahertz
    {
        get
        {
            double[] clocks = [.. All("cpu MHz").Select(text => double.TryParse(text, out double mhz) ? mhz : 0).Where(mhz => mhz > 0)];
            return clocks.Length > 0 ? clocks.Average() : null;
        }
    }

    /// <summary>x86: the model's name. Arm: the core types with their counts, such as <c>4 × Cortex-A76</c>.</summary>
    public string Processor
    {
        get
        {
            if (IsArm)
            {
                IEnumerable<string> cores = All("CPU implementer").Zip(All("CPU part"), ArmCores.Name);
                return string.Join(" + ", cores.CountBy(name => name).Select(core => $"{core.Value} × {core.Key}"));
            }
            return First("model name") ?? First("cpu model") ?? "unknown";
        }
    }

    /// <summary>Board, where the kernel names one (Raspberry Pi).</summary>
    public string? Board => IsArm ? First("Model") : null;

    public IReadOnlyList<string> InstructionSets => [.. s_interesting.Where(Flags().Contains)];

    private HashSet<string> Flags() => [.. (First("flags") ?? First("Features") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private string? First(string key) => All(key).FirstOrDefault();

    private IEnumerable<string> All(string key) => _entries.Where(entry => entry.Key == key).Select(entry => entry.Value);
}
