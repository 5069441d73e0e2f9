using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics.Tests;

public class MeanErrorTests
{
    // NIST Statistical Reference Datasets, univariate summary statistics: certified mean and standard deviation.
    [Fact]
    public void It_keeps_its_digits_on_NIST_NumAcc1()
    {
        MeanError figure = MeanError.Of([10000001, 10000003, 10000002]);
        Assert.Equal(10000002, figure.Mean);
        Assert.Equal(1 / Math.Sqrt(3), figure.StandardError, 12);
    }

    [Fact]
    public void It_keeps_its_digits_on_NIST_NumAcc3()
    {
        double[] values = [1000000.2, .. Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? 1000000.1 : 1000000.3)];
        MeanError figure = MeanError.Of(values);
        Assert.Equal(1000000.2, figure.Mean, 8);
        Assert.Equal(0.1 / Math.Sqrt(1001), figure.StandardError, 9);
    }

    [Fact]
    public void Perplexity_and_its_error_follow_the_delta_method()
    {
        MeanError figure = MeanError.Of([1, 3]).Exponential();
        Assert.Equal(Math.E * Math.E, figure.Mean, 12);
        Assert.Equal(Math.E * Math.E, figure.StandardError, 12);
    }

    [Fact]
    public void A_single_reading_has_no_error() => Assert.True(double.IsNaN(MeanError.Of([2]).StandardError));
}
