namespace EdgeBench.Statistics.Estimators;

/// <summary>The middle value, or the mean of the two middle ones.</summary>
public static class Median
{
    public static double Of(IEnumerable<double> values) => Quantile.Of(values, 0.5);
}
