namespace EdgeBench.Devices.Facts;

/// <summary>What the control groups (version 2, or version 1 where that holds the controllers) leave to this process.</summary>
/// <param name="MemoryBytes">Smallest limit from this process's group up to the root, or null where there is none.</param>
/// <param name="Cpus">Smallest quota in processors, such as 1.5, or null.</param>
internal sealed record CgroupLimits(long? MemoryBytes, double? Cpus)
{
    // Version 1 writes "no limit" as the largest multiple of a page below 2^63.
    private const long NoLimit = 1L << 60;

    public static CgroupLimits Read(SystemRoot root)
    {
        long? memory = null;
        double? cpus = null;
        foreach (string line in root.Lines("proc/self/cgroup"))
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length != 3) continue;
            string[] controllers = parts[1].Split(',');
            bool unified = parts[0] == "0" && parts[1].Length == 0;
            foreach (string folder in Upwards(parts[2]))
            {
                if (unified)
                {
                    memory = Smaller(memory, root.Number(Path.Combine("sys/fs/cgroup", folder, "memory.max")));
                    cpus = Smaller(cpus, Quota(root.Text(Path.Combine("sys/fs/cgroup", folder, "cpu.max"))?.Split(' ')));
                }
                if (controllers.Contains("memory"))
                    memory = Smaller(memory, root.Number(Path.Combine("sys/fs/cgroup/memory", folder, "memory.limit_in_bytes")));
                if (controllers.Contains("cpu"))
                {
                    string cpu = Path.Combine("sys/fs/cgroup/cpu", folder);
                    cpus = Smaller(cpus, Quota([root.Text(Path.Combine(cpu, "cpu.cfs_quota_us")) ?? "", root.Text(Path.Combine(cpu, "cpu.cfs_period_us")) ?? ""]));
                }
            }
        }
        return new CgroupLimits(memory < NoLimit ? memory : null, cpus);
    }

    // In a container the path may name groups of the host that are not visible below its own root; those files are absent, and the root remains.
    private static IEnumerable<string> Upwards(string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Contains("..")) names = [];
        for (int count = names.Length; count >= 0; count--) yield return string.Join('/', names[..count]);
    }

    private static double? Quota(string[]? words) =>
        words is [var quota, var period] && double.TryParse(quota, out double used) && double.TryParse(period, out double of) && used > 0 && of > 0
            ? used / of
            : null;

    private static T? Smaller<T>(T? a, T? b) where T : struct, IComparable<T> =>
        a is not { } first ? b : b is not { } second ? a : first.CompareTo(second) < 0 ? first : second;
}
