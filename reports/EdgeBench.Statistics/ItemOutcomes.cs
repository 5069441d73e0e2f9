using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics;

/// <summary>What one artifact made of a task's items, from the first successful trial: another one scores the same items again and adds no evidence.</summary>
/// <param name="Items">0-based places in the data file, ascending.</param>
/// <param name="Values">The metric's reading of each: 0 or 1, or a predicted class.</param>
/// <param name="Classes">Right class of each; empty for a metric that needs none.</param>
public sealed record ItemOutcomes(Metric Metric, int[] Items, double[] Values, int[] Classes)
{
    /// <summary>Null where no trial holds finite readings of the metric, one for each item.</summary>
    public static ItemOutcomes? Of(Metric metric, IEnumerable<StoredTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(metric);
        foreach (TrialOutcome outcome in trials.OrderBy(trial => trial.Session).Select(trial => trial.Outcome).Where(outcome => outcome.Failure is null))
        {
            if (ByItem(outcome, metric.Source) is not { Count: > 0 } values) continue;
            if (metric.Aggregation != Aggregation.MacroF1) return new(metric, [.. values.Keys], [.. values.Values], []);
            if (ByItem(outcome, ItemMetrics.Class.Name) is { } classes && classes.Keys.SequenceEqual(values.Keys))
                return new(metric, [.. values.Keys], [.. values.Values], [.. classes.Values.Select(value => (int)value)]);
        }
        return null;
    }

    /// <summary>The figure of some of the items, named by their places in <see cref="Items"/>, each as often as it is named.</summary>
    public double Figure(ReadOnlySpan<int> places)
    {
        if (Metric.Aggregation == Aggregation.MacroF1) return Estimators.MacroF1.Of(Classes, Predicted, places);
        double sum = 0;
        foreach (int place in places) sum += Values[place];
        return sum / places.Length;
    }

    /// <summary>The figure of all items.</summary>
    public double Figure() => Figure([.. Enumerable.Range(0, Items.Length)]);

    private int[] Predicted { get; } = [.. Values.Select(value => (int)value)];

    private static SortedDictionary<int, double>? ByItem(TrialOutcome outcome, string source)
    {
        SortedDictionary<int, double> values = [];
        foreach (Series series in outcome.Series.Where(series => series.Metric == source))
        {
            for (int i = 0; i < Math.Min(series.Values.Length, series.Repetition.Length); i++)
            {
                if (!double.IsFinite(series.Values[i]) || series.Values[i] < 0 || !values.TryAdd(series.Repetition[i], series.Values[i])) return null;
            }
        }
        return values;
    }
}
