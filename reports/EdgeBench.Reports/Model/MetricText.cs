using EdgeBench.Core.Metrics;
using EdgeBench.Statistics;

namespace EdgeBench.Reports.Model;

/// <summary>How figures are written wherever people read them: one place for digits and units.</summary>
public static class MetricText
{
    private const double KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;

    /// <summary>Number without unit; bytes in MiB.</summary>
    public static string Number(Metric metric, double value)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (!double.IsFinite(value)) return "not a number";
        return metric.Unit == "B" ? (value / MiB).ToString(value < MiB ? "0.000" : "0.0") : value.ToString(metric.Format);
    }

    /// <summary>Unit that <see cref="Number"/> counts in; empty for pure numbers.</summary>
    public static string Unit(Metric metric) => metric.Unit == "B" ? "MiB" : metric.Unit;

    /// <summary><c>prefill (tok/s)</c>; a label that begins with its unit, such as <c>J/token (wall)</c>, stands alone.</summary>
    public static string Heading(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Unit(metric) is { Length: > 0 } unit && !metric.Label.Contains($"{unit}/", StringComparison.Ordinal) ? $"{metric.Label} ({unit})" : metric.Label;
    }

    /// <summary>Value with its interval and without unit: <c>198.3 [196.1, 199.0]</c>; means as <c>14.855 ± 0.291</c> (one standard error), scores of items with both.</summary>
    public static string WithInterval(CellEstimate estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        string value = Number(estimate.Metric, estimate.Value);
        if (estimate.StandardError is { } error) value = $"{value} ± {Number(estimate.Metric, error)}";
        if (estimate.Interval is not { Kind: not IntervalKind.StandardError } interval) return value;
        string low = Number(estimate.Metric, interval.Low), high = Number(estimate.Metric, interval.High);
        return interval.Kind == IntervalKind.Range ? $"{value} (trials {low}–{high})" : $"{value} [{low}, {high}]";
    }

    /// <summary>How an interval came about, in one word for files; empty for no interval.</summary>
    public static string Kind(Interval? interval) => interval?.Kind switch
    {
        null => "",
        IntervalKind.Bootstrap => "bootstrap95",
        IntervalKind.StandardError => "normal95",
        IntervalKind.Range => "trials",
        IntervalKind.Wilson => "wilson95",
        IntervalKind.ItemBootstrap => "item_bootstrap95",
        { } kind => throw new ArgumentOutOfRangeException(nameof(interval), kind, "an interval without a name"),
    };

    /// <summary><c>p50 5.1 / p90 5.3 / p99 –</c>: a dash where the readings do not support the percentile.</summary>
    public static string Percentiles(CellEstimate estimate)
    {
        if (estimate.Percentiles is not { } p) return WithInterval(estimate);
        string Text(double? value) => value is { } number ? Number(estimate.Metric, number) : "–";
        return $"{Text(p.P50)} / {Text(p.P90)} / {Text(p.P99)}";
    }

    /// <summary>Bytes in the unit that suits their size, binary: <c>1.50 GiB</c>, <c>136.3 MiB</c>, <c>12.0 KiB</c>.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= GiB => $"{bytes / GiB:0.00} GiB",
        >= MiB => $"{bytes / MiB:0.0} MiB",
        >= KiB => $"{bytes / KiB:0.0} KiB",
        _ => $"{bytes:0} B",
    };

    public static string Direction(Metric metric) => metric.Direction switch
    {
        Core.Metrics.Direction.HigherIsBetter => "higher is better",
        Core.Metrics.Direction.LowerIsBetter => "lower is better",
        _ => "context",
    };
}
