using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics;

/// <summary>Figures of a task's items.</summary>
internal static class ItemEstimator
{
    /// <summary>Null where no trial holds such readings.</summary>
    public static CellEstimate? Of(Metric metric, IEnumerable<StoredTrial> trials)
    {
        StoredTrial[] done = [.. trials.Where(trial => trial.Outcome.Failure is null)];
        if (ItemOutcomes.Of(metric, done) is not { } outcomes) return null;
        int sessions = done.Select(trial => trial.Session).Distinct().Count(), count = outcomes.Items.Length;
        double figure = outcomes.Figure();
        if (metric.Aggregation == Aggregation.MacroF1)
        {
            (Interval Interval, double StandardError)? spread = ItemBootstrap.Of(count, outcomes.Figure);
            return new CellEstimate(metric, figure, spread?.Interval, count, sessions) { StandardError = spread?.StandardError };
        }
        MeanError mean = MeanError.Of(outcomes.Values);
        return new CellEstimate(metric, figure, WilsonInterval.Of((int)Math.Round(outcomes.Values.Sum()), count), count, sessions)
        {
            // Of 0 and 1 this is √(p(1 − p)/(n − 1)), the error that lm-evaluation-harness prints.
            StandardError = double.IsNaN(mean.StandardError) ? null : mean.StandardError,
        };
    }
}
