using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics.Tests;

public class WilsonIntervalTests
{
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Newcombes_examples(int hits, int count, double low, double high)
    {
        Interval interval = WilsonInterval.Of(hits, count);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
        Assert.Equal(IntervalKind.Wilson, interval.Kind);
    }

    [Fact]
    public void All_right_is_no_certainty_and_never_above_one()
    {
        for (int count = 1; count <= 2000; count++)
        {
            Interval all = WilsonInterval.Of(count, count), none = WilsonInterval.Of(0, count);
            Assert.Equal((1, 0), (all.High, none.Low));
            Assert.True(all.Low < 1 && none.High > 0);
        }
    }

    [Fact]
    public void Counts_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(-1, 2));
    }
}
