using EdgeBench.Core.Metrics;

namespace EdgeBench.Statistics;

/// <summary>One metric's figure for one cell.</summary>
/// <param name="Metric">Gives unit, direction and format.</param>
/// <param name="Value">In the metric's unit; the p50 of a distribution.</param>
/// <param name="Interval">Null where a single reading allows none.</param>
/// <param name="Samples">
/// Readings behind the value. For means over a text (perplexity and its kin) the readings of one trial: another trial scores the same
/// tokens again and adds no evidence.
/// </param>
/// <param name="Sessions">Sessions that hold such readings.</param>
public sealed record CellEstimate(Metric Metric, double Value, Interval? Interval, int Samples, int Sessions)
{
    /// <summary>Standard error in the metric's unit; only for means.</summary>
    public double? StandardError { get; init; }

    /// <summary>Only for <see cref="Aggregation.Distribution"/>.</summary>
    public Percentiles? Percentiles { get; init; }

    /// <summary>The interval covers variation inside one session only: another boot or thermal state may lie outside of it.</summary>
    public bool WithinSessionOnly => Sessions == 1 && Interval is { Kind: IntervalKind.Bootstrap };
}

/// <summary>Percentiles of a distribution; null where the readings are too few to claim it.</summary>
public sealed record Percentiles(double P50, double? P90, double? P99, int Samples);
