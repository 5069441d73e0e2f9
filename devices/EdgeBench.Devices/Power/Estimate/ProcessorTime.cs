namespace EdgeBench.Devices.Power.Estimate;

/// <summary>Processor time of the whole machine since boot, in clock ticks over all processors (proc(5)).</summary>
internal sealed record ProcessorTime(long Busy, long Total, int Processors)
{
    public static ProcessorTime? Read(SystemRoot root)
    {
        string[] lines = root.Lines("proc/stat");
        string? all = lines.FirstOrDefault(line => line.StartsWith("cpu ", StringComparison.Ordinal));
        int processors = lines.Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;
        List<long> ticks = [];
        foreach (string word in all?["cpu ".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (!long.TryParse(word, out long value) || value < 0) return null;
            ticks.Add(value);
        }
        // user nice system idle iowait irq softirq steal; guest time is already in user.
        if (ticks.Count < 8 || processors < 1) return null;
        long idle = ticks[3] + ticks[4];
        return new ProcessorTime(ticks.Take(7).Sum() - idle, ticks.Take(8).Sum(), processors);
    }

    /// <summary>How many processors were busy on average since; null before a tick has passed.</summary>
    public double? BusySince(ProcessorTime before) =>
        Total > before.Total ? Math.Clamp((Busy - before.Busy) / (double)(Total - before.Total), 0, 1) * Processors : null;
}
