using EdgeBench.Core.Cells;
using EdgeBench.Reports.Model;
using ScottPlot;

namespace EdgeBench.Reports.Plots;

/// <summary>A cell as one line of a chart.</summary>
internal sealed record ChartRow(ReportCell Cell, string Label, Color Color)
{
    public bool IsRanked => Cell.IsRanked;

    /// <summary>Set behind a figure that needs a mark.</summary>
    public string Mark => Cell.Verdict.Validity switch
    {
        Validity.Valid => "",
        Validity.Semivalid => " (semivalid)",
        _ => " (invalid, not ranked)",
    };
}

/// <summary>Labels that say what differs between the cells of one chart, and a subtitle for what does not.</summary>
internal static class ChartRows
{
    public static IReadOnlyList<ChartRow> Of(IReadOnlyList<ReportCell> cells, IReadOnlyList<string> recipes, bool withThreads = true)
    {
        (string Text, bool Varies)[][] parts = Parts(cells, withThreads);
        return
        [
            .. cells.Select((cell, i) => new ChartRow(cell,
                string.Join(" · ", parts[i].Where(part => part.Varies).Select(part => part.Text)),
                Palette.Series(Math.Max(0, recipes.ToList().IndexOf(cell.Stored.Recipe))))),
        ];
    }

    /// <summary><c>smollm2-135m · tg128 · llamacpp · device local · tier measured</c>: what the cells share.</summary>
    public static string Subtitle(IReadOnlyList<ReportCell> cells, bool withTest = true, bool withThreads = true)
    {
        ReportCell first = cells[0];
        IEnumerable<string> shared = Parts(cells, withThreads)[0].Where(part => !part.Varies).Select(part => part.Text);
        string[] head = withTest ? [first.Stored.Model, first.Stored.Test] : [first.Stored.Model];
        return string.Join(" · ", [.. head, .. shared, $"device {first.Stored.Device}", $"tier {first.Stored.Tier.ToString().ToLowerInvariant()}"]);
    }

    private static (string Text, bool Varies)[][] Parts(IReadOnlyList<ReportCell> cells, bool withThreads)
    {
        bool backends = Varies(cells, cell => cell.Stored.Backend), threads = Varies(cells, cell => $"{cell.Stored.Threads}");
        bool workloads = withThreads && cells.GroupBy(cell => (cell.Stored.Recipe, cell.Stored.Backend, cell.Stored.Threads)).Any(group => group.Count() > 1);
        return
        [
            .. cells.Select(cell => ((string Text, bool Varies)[])
            [
                (cell.Stored.Recipe, true),
                (cell.Stored.Backend, backends),
                .. withThreads ? [(cell.Stored.Threads == 1 ? "1 thread" : $"{cell.Stored.Threads} threads", threads)] : Array.Empty<(string, bool)>(),
                .. workloads ? [(cell.Stored.Workload, true)] : Array.Empty<(string, bool)>(),
            ]),
        ];
    }

    private static bool Varies(IReadOnlyList<ReportCell> cells, Func<ReportCell, string> part) => cells.Select(part).Distinct().Skip(1).Any();
}
