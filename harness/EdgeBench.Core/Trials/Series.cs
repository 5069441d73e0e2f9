namespace EdgeBench.Core.Trials;

/// <summary>Raw readings of one metric in one trial, in the order taken.</summary>
/// <param name="Metric">Name in <see cref="Metrics.MetricRegistry"/>.</param>
/// <param name="Values">In the metric's unit.</param>
/// <param name="At">Seconds since the trial's process started, same length; when each reading was complete.</param>
/// <param name="Repetition">Which repetition each reading belongs to (0-based), same length.</param>
public sealed record Series(string Metric, double[] Values, double[] At, int[] Repetition)
{
    /// <summary>A metric with a single reading per trial, such as a size or a peak.</summary>
    public static Series Single(string metric, double value, double at) => new(metric, [value], [at], [0]);
}
