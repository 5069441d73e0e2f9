namespace EdgeBench.Core.Metrics;

/// <summary>Which way a metric improves.</summary>
public enum Direction
{
    LowerIsBetter,
    HigherIsBetter,

    /// <summary>Context rather than merit, such as a raw per-token reading.</summary>
    Neutral,
}

/// <summary>How raw samples become a cell's figure.</summary>
public enum Aggregation
{
    Median,
    Mean,
    Max,

    /// <summary>exp of the mean of the samples (perplexity from token losses).</summary>
    ExpMean,

    /// <summary>Described by p50, p90 and p99.</summary>
    Distribution,

    /// <summary>Mean of readings that are 0 or 1.</summary>
    Proportion,

    /// <summary>Unweighted mean of the classes' F1, from each item's class and <see cref="ItemMetrics.Class"/>.</summary>
    MacroF1,
}

/// <summary>A metric as every table, file and plot knows it.</summary>
/// <param name="Name">Key in files, snake_case.</param>
/// <param name="Label">What a person reads, without unit.</param>
/// <param name="Unit">SI or field unit: s, ms, tok/s, B, nats, % …</param>
/// <param name="Format">.NET numeric format of the figure in its unit.</param>
/// <param name="Definition">What exactly is measured, for the reports' footnotes.</param>
public sealed record Metric(
    string Name, string Label, string Unit, Direction Direction, Aggregation Aggregation, string Format, string Definition)
{
    /// <summary>Raw series that feeds the figure; the metric's own name unless it is derived.</summary>
    public string Source { get; init; } = Name;
}
