namespace EdgeBench.Devices.Sensors;

/// <summary>Clocks as the kernel's cpufreq shows them; empty where it has none (usual in a virtual machine).</summary>
public static class CpuFrequency
{
    private const string Cpus = "sys/devices/system/cpu";

    /// <summary>Folders that hold one policy each: <c>policy0</c> …, or of old kernels each processor's own.</summary>
    public static IReadOnlyList<string> Policies(SystemRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        IReadOnlyList<string> policies = root.Folders($"{Cpus}/cpufreq", "policy");
        return policies.Count > 0 ? policies
            : [.. root.Folders(Cpus, "cpu").Select(cpu => $"{cpu}/cpufreq").Where(policy => root.Exists($"{policy}/scaling_governor") || root.Exists($"{policy}/scaling_cur_freq"))];
    }

    /// <summary>MHz of each processor by name (<c>cpu0</c> …) in order of number.</summary>
    public static IReadOnlyDictionary<string, double> Read(SystemRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return root.Folders(Cpus, "cpu")
            .Select(cpu => (Name: Path.GetFileName(cpu), Clock: root.Number($"{cpu}/cpufreq/scaling_cur_freq") / 1000.0))
            .Where(cpu => cpu.Clock is > 0 && int.TryParse(cpu.Name["cpu".Length..], out _))
            .OrderBy(cpu => int.Parse(cpu.Name["cpu".Length..]))
            .ToDictionary(cpu => cpu.Name, cpu => cpu.Clock!.Value);
    }
}
