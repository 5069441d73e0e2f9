using EdgeBench.Core.Metrics;
using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics;

/// <summary>Two artifacts on the same items of a task.</summary>
/// <param name="Items">Items that both were scored on.</param>
/// <param name="Difference">Second minus first, on those items.</param>
/// <param name="Interval">95 % paired bootstrap of the difference; null where no item differs, because resampling shows no spread then, or for fewer than two.</param>
/// <param name="Test">Null for a figure that is no share of right items.</param>
public sealed record PairedItems(Metric Metric, int Items, double First, double Second, double Difference, Interval? Interval, McNemarTest? Test)
{
    /// <summary>Null where no item is common.</summary>
    public static PairedItems? Of(ItemOutcomes first, ItemOutcomes second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        HashSet<int> common = [.. first.Items.Intersect(second.Items)];
        if (common.Count == 0) return null;
        ItemOutcomes one = Only(first, common), other = Only(second, common);
        double before = one.Figure(), after = other.Figure();
        bool differs = !one.Values.AsSpan().SequenceEqual(other.Values);
        Interval? interval = differs ? ItemBootstrap.Of(common.Count, items => other.Figure(items) - one.Figure(items))?.Interval : null;
        McNemarTest? test = first.Metric.Aggregation == Aggregation.Proportion
            ? new(Count(one, other), Count(other, one)) : null;
        return new(first.Metric, common.Count, before, after, after - before, interval, test);
    }

    private static ItemOutcomes Only(ItemOutcomes outcomes, HashSet<int> kept)
    {
        int[] places = [.. Enumerable.Range(0, outcomes.Items.Length).Where(place => kept.Contains(outcomes.Items[place]))];
        return new(outcomes.Metric, [.. places.Select(place => outcomes.Items[place])], [.. places.Select(place => outcomes.Values[place])],
            outcomes.Classes.Length == 0 ? [] : [.. places.Select(place => outcomes.Classes[place])]);
    }

    // Items that the first has right and the second has not.
    private static int Count(ItemOutcomes right, ItemOutcomes wrong) => right.Values.Zip(wrong.Values).Count(pair => pair.First > pair.Second);
}
