using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics.Tests;

public class ItemBootstrapTests
{
    // B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, table 2.1: survival of seven treated mice in days; the standard error of the mean
    // is 23.36 for infinitely many resamples (table 2.2).
    [Fact]
    public void Efrons_mice()
    {
        double[] days = [94, 197, 16, 38, 99, 141, 23];
        (Interval interval, double error) = ItemBootstrap.Of(days.Length, items => Mean(days, items))!.Value;
        Assert.Equal(23.36, error, 0.5);
        Assert.InRange(86.86, interval.Low, interval.High);
        Assert.Equal(IntervalKind.ItemBootstrap, interval.Kind);
    }

    [Fact]
    public void A_proportions_interval_is_near_the_normal_one()
    {
        // 300 of 1,000 right: √(0.3 · 0.7/1000) = 0.01449.
        double[] right = [.. Enumerable.Range(0, 1000).Select(item => item < 300 ? 1.0 : 0)];
        (Interval interval, double error) = ItemBootstrap.Of(right.Length, items => Mean(right, items))!.Value;
        Assert.Equal(0.01449, error, 0.0006);
        Assert.Equal(0.3 - 0.0284, interval.Low, 0.003);
        Assert.Equal(0.3 + 0.0284, interval.High, 0.003);
    }

    [Fact]
    public void The_same_items_always_give_the_same_interval()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(item => (double)(item * 7 % 11))];
        Assert.Equal(ItemBootstrap.Of(50, items => Mean(values, items)), ItemBootstrap.Of(50, items => Mean(values, items)));
    }

    [Fact]
    public void One_item_has_no_spread() => Assert.Null(ItemBootstrap.Of(1, _ => 1));

    [Fact]
    public void Many_items_are_resampled_less_often() =>
        Assert.Equal((10_000, 4_000, 1_000), (ItemBootstrap.Resamples(300), ItemBootstrap.Resamples(1_000), ItemBootstrap.Resamples(1_000_000)));

    private static double Mean(double[] values, ReadOnlySpan<int> items)
    {
        double sum = 0;
        foreach (int item in items) sum += values[item];
        return sum / items.Length;
    }
}
