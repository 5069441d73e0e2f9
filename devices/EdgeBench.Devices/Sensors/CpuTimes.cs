namespace EdgeBench.Devices.Sensors;

/// <summary>Processor time since boot in clock ticks, of the whole machine and of this process with its reaped children (proc(5)).</summary>
internal sealed record CpuTimes(long Busy, long Idle, long Steal, long Own)
{
    private long Total => Busy + Idle + Steal;

    /// <summary>Null where the kernel shows no times.</summary>
    public static CpuTimes? Read(SystemRoot root)
    {
        string? line = root.Lines("proc/stat").FirstOrDefault(line => line.StartsWith("cpu ", StringComparison.Ordinal));
        long[]? all = Numbers(line?["cpu ".Length..]);
        // The command's name is in parentheses and may hold blanks; the numbers follow the last one, from field 3 on.
        string? self = root.Text("proc/self/stat");
        string[]? fields = self?[(self.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (all is not { Length: >= 8 } || fields is not { Length: >= 15 } || Numbers(string.Join(' ', fields[11..15])) is not { } own) return null;
        // user nice system idle iowait irq softirq steal; guest time is already in user.
        return new CpuTimes(all[0] + all[1] + all[2] + all[5] + all[6], all[3] + all[4], all[7], own.Sum());
    }

    /// <summary>Share of the machine's processor time since <paramref name="before"/> that neither idled nor was ours; null before a tick has passed.</summary>
    public double? OthersSince(CpuTimes before) =>
        Total > before.Total ? Math.Max(0, Busy - before.Busy - (Own - before.Own)) / (double)(Total - before.Total) : null;

    /// <summary>Share of the time that a hypervisor took away.</summary>
    public double? StealSince(CpuTimes before) =>
        Total > before.Total ? Math.Max(0, Steal - before.Steal) / (double)(Total - before.Total) : null;

    private static long[]? Numbers(string? text)
    {
        string[] words = text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        long[] numbers = new long[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!long.TryParse(words[i], out numbers[i])) return null;
        }
        return numbers;
    }
}
