using System.Runtime.InteropServices;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;

namespace EdgeBench.Devices.Facts;

/// <summary>Reads what this machine is.</summary>
public static class LocalFacts
{
    public static DeviceFacts Read(SystemRoot root) => Read(root, RuntimeInformation.ProcessArchitecture);

    /// <param name="architecture">The running program's own; where the kernel's files speak of another processor, an emulator is at work.</param>
    public static DeviceFacts Read(SystemRoot root, Architecture architecture)
    {
        CpuInfo cpu = new(root.Lines("proc/cpuinfo"));
        CgroupLimits limits = CgroupLimits.Read(root);
        long? total = Kilobytes(root, "proc/meminfo", "MemTotal");
        bool emulated = IsEmulated(root, cpu, architecture);
        // The files are the host's: what they say of its processor is not what the program runs on.
        bool foreign = emulated && (cpu.IsX86 || cpu.IsArm) && cpu.IsArm != IsArm(architecture);
        string? machine = MachineId(root, "etc/machine-id") ?? MachineId(root, "var/lib/dbus/machine-id");
        return new DeviceFacts
        {
            Id = ContentHash.OfText($"edgebench device {machine ?? $"{cpu.Processor} {total}"}")[..16],
            OperatingSystem = OperatingSystemName(root),
            Kernel = root.Text("proc/sys/kernel/osrelease") ?? "unknown",
            Architecture = Name(architecture),
            Processor = foreign ? $"emulated {Name(architecture)} on {cpu.Processor}" : cpu.Processor,
            Cores = AllowedProcessors(root) ?? Math.Max(1, cpu.Processors),
            MemoryBytes = Math.Min(total ?? limits.MemoryBytes ?? 0, limits.MemoryBytes ?? long.MaxValue),
            InstructionSets = foreign ? [] : cpu.InstructionSets,
            Details = Details(root, cpu, limits, total, machine is null),
            Emulated = emulated,
            BootId = root.Text("proc/sys/kernel/random/boot_id") ?? "unknown",
        };
    }

    /// <summary>A line such as <c>MemTotal:  1024 kB</c> of a file, in bytes; null where it is absent.</summary>
    public static long? Kilobytes(SystemRoot root, string file, string key)
    {
        string? line = root.Lines(file).FirstOrDefault(line => line.StartsWith(key + ":", StringComparison.Ordinal));
        string? number = line?[(key.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim();
        return long.TryParse(number, out long kilobytes) ? kilobytes * 1024 : null;
    }

    // 32 hexadecimal digits (machine-id(5)); an image that has not booted yet holds nothing or the word "uninitialized", as every copy of it does.
    private static string? MachineId(SystemRoot root, string file) =>
        root.Text(file) is { Length: 32 } text && text.All(char.IsAsciiHexDigit) ? text : null;

    private static string OperatingSystemName(SystemRoot root)
    {
        string? line = root.Lines("etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal));
        return line is null ? "Linux" : line["PRETTY_NAME=".Length..].Trim('"', '\'');
    }

    private static int? AllowedProcessors(SystemRoot root)
    {
        if (AllowedList(root) is not { } list) return null;
        int count = 0;
        foreach (string range in list.Split(','))
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last) || last < first) return null;
            count += last - first + 1;
        }
        return count;
    }

    // Such as "0-3,6": what affinity and control groups leave.
    private static string? AllowedList(SystemRoot root)
    {
        const string Key = "Cpus_allowed_list:";
        return root.Lines("proc/self/status").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))?[Key.Length..].Trim();
    }

    private static string Name(Architecture architecture) => architecture.ToString().ToLowerInvariant();

    private static bool IsArm(Architecture architecture) => architecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6;

    // qemu's user mode hands the host's files to a foreign program.
    private static bool IsEmulated(SystemRoot root, CpuInfo cpu, Architecture architecture)
    {
        bool arm = IsArm(architecture);
        bool x86 = architecture is Architecture.X64 or Architecture.X86;
        string kernel = root.Text("proc/sys/kernel/arch") ?? "";
        bool armKernel = kernel.StartsWith("aarch64", StringComparison.Ordinal) || kernel.StartsWith("arm", StringComparison.Ordinal);
        return (arm && (cpu.IsX86 || kernel == "x86_64")) || (x86 && (cpu.IsArm || armKernel));
    }

    private static SortedDictionary<string, string> Details(SystemRoot root, CpuInfo cpu, CgroupLimits limits, long? total, bool identityGuessed)
    {
        SortedDictionary<string, string> details = new(StringComparer.Ordinal);
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) details[name] = value;
        }

        const string Clock = "sys/devices/system/cpu/cpu0/cpufreq";
        Add("board", root.Text("proc/device-tree/model") ?? cpu.Board);
        Add("governor", root.Text($"{Clock}/scaling_governor"));
        Add("clock_min_mhz", (root.Number($"{Clock}/scaling_min_freq") / 1000)?.ToString());
        Add("clock_max_mhz", (root.Number($"{Clock}/scaling_max_freq") / 1000)?.ToString());
        Add("boost", root.Text("sys/devices/system/cpu/cpufreq/boost"));
        Add("virtual_machine", cpu.IsX86 ? (cpu.Hypervisor ? "yes" : "no") : null);
        Add("transparent_hugepages", root.Text("sys/kernel/mm/transparent_hugepage/enabled"));
        Add("memory_total_bytes", total?.ToString());
        Add("cgroup_memory_bytes", limits.MemoryBytes?.ToString());
        Add("cgroup_cpus", limits.Cpus?.ToString());
        Add("processors_online", cpu.Processors > 0 ? cpu.Processors.ToString() : null);
        Add("processors_allowed", AllowedList(root));
        Add("identity", identityGuessed ? "guessed: from processor and memory, for want of a machine-id" : null);
        return details;
    }
}
