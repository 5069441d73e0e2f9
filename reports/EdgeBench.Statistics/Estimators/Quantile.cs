using MathNet.Numerics.Statistics;

namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// Sample quantile, type 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996,
/// doi:10.1080/00031305.1996.10473566: linear between the order statistics around (n − 1)p.
/// </summary>
public static class Quantile
{
    /// <summary>Quantile of ascending values; 0 ≤ <paramref name="p"/> ≤ 1. Throws <see cref="ArgumentException"/> where there are none.</summary>
    public static double OfSorted(double[] sorted, double p)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        if (sorted.Length == 0) throw new ArgumentException("A quantile needs at least one value.", nameof(sorted));
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        return SortedArrayStatistics.QuantileCustom(sorted, p, QuantileDefinition.R7);
    }

    /// <summary>Quantile of values in any order.</summary>
    public static double Of(IEnumerable<double> values, double p) => OfSorted([.. values.Order()], p);

    /// <summary>The same quantile of a multiset: ascending values, each counted as often as its group's weight says.</summary>
    /// <param name="sorted">Ascending values.</param>
    /// <param name="group">Group of each value, same length.</param>
    /// <param name="weight">How often each group counts.</param>
    /// <param name="total">Sum over values of their group's weight, positive.</param>
    /// <param name="counts">Shortens the walk without a change to its result.</param>
    internal static double OfWeighted(double[] sorted, int[] group, int[] weight, long total, double p, BlockCounts? counts = null)
    {
        double position = (total - 1) * p;
        long below = (long)position;
        double fraction = position - below;
        (int start, long seen) = counts?.Skip(weight, below) ?? default;
        for (int i = start; i < sorted.Length; i++)
        {
            seen += weight[group[i]];
            if (seen <= below) continue;
            if (fraction == 0 || seen > below + 1) return sorted[i];
            int next = i + 1;
            while (weight[group[next]] == 0) next++;
            return sorted[i] + (fraction * (sorted[next] - sorted[i]));
        }
        return sorted[^1];
    }
}
