using System.Globalization;
using System.Text;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>What a campaign found, as Markdown: a row a fault.</summary>
internal static class FaultTable
{
    public static string Write(IReadOnlyList<FaultReport> reports)
    {
        StringBuilder table = new();
        table.AppendLine("| fault | runs | trials lost | noticed after, max s | gone after, max s | invariants violated |");
        table.AppendLine("|---|--:|--:|--:|--:|--:|");
        foreach (IFault fault in FaultRegistry.All)
        {
            FaultReport[] runs = [.. reports.Where(report => report.Fault == fault.Name)];
            table.AppendLine(runs.Length == 0 && fault.Lacks is { } lacking
                ? $"| {fault.Name} | 0: needs {lacking} | | | | |"
                : $"| {fault.Name} | {runs.Length} | {runs.Sum(run => run.Lost)} | {Longest(runs, run => run.Noticed)} | {Longest(runs, run => run.Gone)} | {runs.Sum(run => run.Violations.Count)} |");
        }
        table.AppendLine($"| all | {reports.Count} | {reports.Sum(run => run.Lost)} | {Longest(reports, run => run.Noticed)} | {Longest(reports, run => run.Gone)} | {reports.Sum(run => run.Violations.Count)} |");
        if (reports.Sum(run => run.Repeats) is > 0 and var again) table.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Made again, because the process of the campaign stood still meanwhile: {again}.");
        return table.ToString();
    }

    private static string Longest(IEnumerable<FaultReport> runs, Func<FaultReport, double?> seconds) =>
        runs.Select(seconds).Max() is { } most ? most.ToString("0.0", CultureInfo.InvariantCulture) : "";
}
