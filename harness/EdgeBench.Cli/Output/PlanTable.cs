using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Running.Planning;

namespace EdgeBench.Cli.Output;

/// <summary>A plan for people: planned cells, excluded cells with their reasons, then what it would cost.</summary>
internal static class PlanTable
{
    public static void Print(Plan plan, TextWriter writer)
    {
        List<PlanRow> rows = [.. plan.ToTable()];
        string[] header = ["model", "recipe", "backend", "device", "workload", "trials", "time"];
        List<string[]> planned = [.. rows.Where(row => row.Reason is null).Select(row => new[]
        {
            row.Model, row.Recipe, row.Backend, row.Device, row.Workload, row.Sessions.ToString(), RunProgress.Duration(row.Time),
        })];
        int[] widths = [.. header.Select((name, i) => planned.Select(row => row[i].Length).Append(name.Length).Max())];
        foreach (string[] row in planned.Prepend(header))
            writer.WriteLine(string.Join("  ", row.Select((text, i) => text.PadRight(widths[i]))).TrimEnd());
        foreach (PlanRow row in rows.Where(row => row.Reason is not null))
            writer.WriteLine($"excluded: {row.Model}/{row.Recipe}/{row.Backend}/{row.Device}/{row.Workload}: {row.Reason}");

        if (plan.Devices is not [{ Name: "local", Profile: null, Tier: Tier.Measured, Meters.Count: 0, Cooldown: null, Tuning: null }])
        {
            foreach (DeviceSpec device in plan.Devices) writer.WriteLine($"device {DeviceText.Line(device)}");
        }
        string filtered = plan.FilteredOut > 0 ? $", {plan.FilteredOut} outside of the filter" : "";
        writer.WriteLine($"{plan.Cells.Count} cells planned, {plan.Excluded.Count} excluded{filtered}; {plan.Trials} trials, about {RunProgress.Duration(plan.Time)}");
        string unknown = plan.ArtifactsOfUnknownSize > 0 ? $" and {plan.ArtifactsOfUnknownSize} artifacts of unknown size" : "";
        writer.WriteLine($"Disk for artifacts: about {plan.DiskBytes / 1e6:N0} MB{unknown}");
    }
}
