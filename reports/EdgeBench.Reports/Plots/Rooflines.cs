using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Plots;

/// <summary>A bound of all points below it.</summary>
/// <param name="Kind">As conditions spell it: <c>read</c> is bytes, all else operations.</param>
/// <param name="Label">Such as <c>int8 avx512</c>.</param>
/// <param name="Rate">GB/s or GOP/s.</param>
internal sealed record Roof(string Kind, string Label, double Rate)
{
    public bool IsRead => Kind == KernelFigures.Read;
}

/// <summary>What of a run of kernels a roofline shows.</summary>
internal static class Rooflines
{
    /// <summary>Formats whose points one figure can tell apart.</summary>
    public const int FormatsPerFigure = 6;

    /// <summary>Kernels with both rates and a roof: products, whose weights come from memory. What works on data in the caches has no place under a roof of memory.</summary>
    public static IEnumerable<ReportCell> Drawn(IEnumerable<ReportCell> cells) => cells.Where(cell =>
        cell.Stored.WorkloadType == KernelFigures.WorkloadType && cell.Find(MetricRegistry.OperationRate) is { Value: > 0 } && cell.Find(MetricRegistry.ByteRate) is { Value: > 0 }
        && cell.Stored.Trials.Any(trial => trial.Outcome.Facts.ContainsKey(KernelFigures.Roof)) && Conditions(cell).Any(condition => condition.Key == KernelFigures.Peak(KernelFigures.Read, KernelFigures.Moments[0])));

    public static IEnumerable<IReadOnlyList<ReportCell>> ByFormats(IReadOnlyList<ReportCell> cells) => cells.Select(cell => cell.Stored.Recipe).Distinct()
        .Chunk(FormatsPerFigure).Select(formats => (IReadOnlyList<ReportCell>)[.. cells.Where(cell => formats.Contains(cell.Stored.Recipe))]);

    /// <summary>Operations for each byte.</summary>
    public static double Intensity(ReportCell cell) => cell.Find(MetricRegistry.OperationRate)!.Value / cell.Find(MetricRegistry.ByteRate)!.Value;

    /// <summary>The best of all probes beside these cells: bandwidth first, then the compute peaks that bound them, highest first.</summary>
    public static IReadOnlyList<Roof> Of(IReadOnlyList<ReportCell> cells)
    {
        double Best(IEnumerable<ReportCell> among, string kind) => among.SelectMany(Conditions)
            .Where(condition => KernelFigures.Moments.Any(moment => condition.Key == KernelFigures.Peak(kind, moment))).Max(condition => condition.Value);
        IEnumerable<Roof> compute = cells.GroupBy(Name).Select(group => new Roof(group.Key.Split(' ')[0], group.Key, Best(group, group.Key.Split(' ')[0])));
        return [new Roof(KernelFigures.Read, "read", Best(cells, KernelFigures.Read)), .. compute.OrderByDescending(roof => roof.Rate)];
    }

    private static string Name(ReportCell cell) => cell.Stored.Trials.Select(trial => trial.Outcome.Facts.GetValueOrDefault(KernelFigures.Roof)).OfType<string>().First();

    private static IEnumerable<KeyValuePair<string, double>> Conditions(ReportCell cell) => cell.Stored.Trials.Where(Succeeded).SelectMany(trial => trial.Outcome.Conditions);

    private static bool Succeeded(StoredTrial trial) => trial.Outcome.Failure is null;
}
