using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;
using EdgeBench.Statistics;
using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Reports.Plots;

/// <summary>What a cell holds of a distribution of times.</summary>
/// <param name="Metric">Of the single readings.</param>
/// <param name="Sorted">Single readings, rising; empty where there are none.</param>
/// <param name="Read">Their percentiles; null where there are none.</param>
/// <param name="Told">Figures of the program's own summary; empty where there is none, or where there are readings.</param>
internal sealed record LatencyRow(Metric Metric, double[] Sorted, Percentiles? Read, IReadOnlyList<(Metric Metric, double Value)> Told)
{
    private static readonly Metric[] s_told =
        [MetricRegistry.InferenceMean, MetricRegistry.InferenceP50, MetricRegistry.InferenceP90, MetricRegistry.InferenceP95, MetricRegistry.InferenceP99];

    /// <summary>What of its summary a program may tell in the place of readings of a metric.</summary>
    public static IReadOnlyList<Metric> Summary(Metric metric) => metric == MetricRegistry.Inference ? s_told : [];

    public double? Least => Read is not null ? Sorted[0] : Told.Count > 0 ? Told.Min(figure => figure.Value) : null;

    public double? Largest => Read is not null ? Sorted[^1] : Told.Count > 0 ? Told.Max(figure => figure.Value) : null;

    /// <summary><c>p50 5.1, p99 7.2</c>; null without figures.</summary>
    public string? Words => Read is { } read ? $"p50 {Text(read.P50)}{(read.P99 is { } tail ? $", p99 {Text(tail)}" : "")}"
        : Told.Count > 0 ? string.Join(", ", Told.Select(Part)) : null;

    /// <summary>As <see cref="Words"/>, of a summary no more than three parts: beside a line there is no room for all.</summary>
    public string? Short => Read is null && Told.Count > 3 ? string.Join(", ", Told.Take(2).Append(Told[^1]).Select(Part)) : Words;

    public static LatencyRow Of(ReportCell cell, Metric metric)
    {
        if (cell.Find(metric) is { Percentiles: { } percentiles }) return new LatencyRow(metric, SampleSet.Of(metric.Source, cell.Stored.Trials).Sorted, percentiles, []);
        List<(Metric, double)> told = [];
        foreach (Metric part in Summary(metric))
        {
            if (cell.Find(part) is { } estimate) told.Add((part, estimate.Value));
        }
        return new LatencyRow(metric, [], null, told);
    }

    private string Part((Metric Metric, double Value) figure) => $"{figure.Metric.Label.Split(' ')[^1]} {Text(figure.Value)}";

    private string Text(double value) => MetricText.Number(Metric, value);
}
