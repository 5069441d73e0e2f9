using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics;

/// <summary>A cell's figure from its raw readings, as the metric's <see cref="Aggregation"/> says.</summary>
public static class Estimator
{
    /// <summary>Failed trials and readings that are not finite count for nothing; null where no reading is left.</summary>
    public static CellEstimate? Estimate(Metric metric, IEnumerable<StoredTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(trials);
        if (metric.Aggregation is Aggregation.Mean or Aggregation.ExpMean) return OfMean(metric, trials);
        if (metric.Aggregation == Aggregation.Max) return OfMax(metric, trials);
        if (metric.Aggregation is Aggregation.Proportion or Aggregation.MacroF1) return ItemEstimator.Of(metric, trials);
        SampleSet samples = SampleSet.Of(metric.Source, trials);
        if (samples.Sorted.Length == 0) return null;
        return metric.Aggregation switch
        {
            Aggregation.Median => OfMedian(metric, samples),
            Aggregation.Distribution => OfDistribution(metric, samples),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric.Aggregation, "no estimator for this aggregation"),
        };
    }

    private static CellEstimate OfMedian(Metric metric, SampleSet samples) =>
        new(metric, Quantile.OfSorted(samples.Sorted, 0.5), HierarchicalBootstrap.OfQuantile(samples, 0.5),
            samples.Sorted.Length, samples.Sessions.Length);

    // The range is over trials: a peak that grows inside a trial is one peak, and says nothing about how trials differ.
    private static CellEstimate? OfMax(Metric metric, IEnumerable<StoredTrial> trials)
    {
        List<double> peaks = [];
        HashSet<int> sessions = [];
        int readings = 0;
        foreach (StoredTrial trial in trials.Where(trial => trial.Outcome.Failure is null))
        {
            double[] values = Readings(metric, trial);
            if (values.Length == 0) continue;
            peaks.Add(values.Max());
            sessions.Add(trial.Session);
            readings += values.Length;
        }
        if (peaks.Count == 0) return null;
        double low = peaks.Min(), high = peaks.Max();
        Interval? range = low == high ? null : new Interval(low, high, IntervalKind.Range);
        return new CellEstimate(metric, high, range, readings, sessions.Count);
    }

    private static CellEstimate OfDistribution(Metric metric, SampleSet samples)
    {
        int count = samples.Sorted.Length;
        Percentiles percentiles = new(
            Quantile.OfSorted(samples.Sorted, 0.5),
            count >= PercentileSupport.P90 ? Quantile.OfSorted(samples.Sorted, 0.9) : null,
            count >= PercentileSupport.P99 ? Quantile.OfSorted(samples.Sorted, 0.99) : null,
            count);
        return OfMedian(metric, samples) with { Percentiles = percentiles };
    }

    // Every trial scores the same tokens: trials are averaged, and the error stays that of one trial (pooling would flatter it by √trials).
    private static CellEstimate? OfMean(Metric metric, IEnumerable<StoredTrial> trials)
    {
        List<MeanError> means = [];
        HashSet<int> sessions = [];
        foreach (StoredTrial trial in trials.Where(trial => trial.Outcome.Failure is null))
        {
            double[] values = Readings(metric, trial);
            if (values.Length == 0) continue;
            means.Add(MeanError.Of(values));
            sessions.Add(trial.Session);
        }
        if (means.Count == 0) return null;
        MeanError figure = new(means.Average(mean => mean.Mean), means.Average(mean => mean.StandardError), means.Min(mean => mean.Count));
        if (metric.Aggregation == Aggregation.ExpMean) figure = figure.Exponential();
        if (double.IsNaN(figure.StandardError)) return new CellEstimate(metric, figure.Mean, null, figure.Count, sessions.Count);
        double half = MeanError.Normal95 * figure.StandardError;
        Interval interval = new(figure.Mean - half, figure.Mean + half, IntervalKind.StandardError);
        return new CellEstimate(metric, figure.Mean, interval, figure.Count, sessions.Count) { StandardError = figure.StandardError };
    }

    private static double[] Readings(Metric metric, StoredTrial trial) =>
        [.. trial.Outcome.Series.Where(series => series.Metric == metric.Source).SelectMany(series => series.Values).Where(double.IsFinite)];
}
