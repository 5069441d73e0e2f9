using CsCheck;
using EdgeBench.Core.Trials;
using EdgeBench.Statistics.Estimators;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class HierarchicalBootstrapTests
{
    // B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, table 2.1, treatment group. The resampled median is at most the
    // k-th of 7 with probability P(Bin(7, k/7) >= 4): 0.010, 0.108 … 0.990, so the 95 % percentile interval ends at the 2nd and the 6th.
    [Fact]
    public void One_session_of_single_readings_gives_the_exact_percentile_interval_of_the_mouse_data()
    {
        Interval interval = HierarchicalBootstrap.OfQuantile(Samples([94, 197, 16, 38, 99, 141, 23]), 0.5)!.Value;
        Assert.Equal(23, interval.Low);
        Assert.Equal(141, interval.High);
        Assert.Equal(IntervalKind.Bootstrap, interval.Kind);
    }

    // Two of three drawn sessions are the slowest with probability 7/27, so the interval spans the sessions; resampling all 300 readings
    // alike would give [2, 2].
    [Fact]
    public void Sessions_that_differ_widen_the_interval_however_many_readings_they_hold()
    {
        double[][] sessions = [.. Enumerable.Range(1, 3).Select(level => Enumerable.Repeat((double)level, 100).ToArray())];
        Interval interval = HierarchicalBootstrap.OfQuantile(Samples(sessions), 0.5)!.Value;
        Assert.Equal(1, interval.Low);
        Assert.Equal(3, interval.High);
    }

    [Fact]
    public void Readings_of_one_repetition_are_drawn_together()
    {
        Series series = new("itl", [.. Enumerable.Repeat(1.0, 50), .. Enumerable.Repeat(9.0, 50)], new double[100], [.. Enumerable.Range(0, 100).Select(i => i / 50)]);
        Interval interval = HierarchicalBootstrap.OfQuantile(SampleSet.Of("itl", [StoredRuns.Trial(0, series)]), 0.5)!.Value;
        Assert.Equal((1.0, 9.0), (interval.Low, interval.High));
    }

    [Fact]
    public void It_repeats_itself_and_stays_within_the_readings() =>
        Gen.Double[1, 100].Array[2, 12].Array[1, 4].Sample(sessions =>
        {
            Interval first = HierarchicalBootstrap.OfQuantile(Samples(sessions), 0.5)!.Value;
            Assert.Equal(first, HierarchicalBootstrap.OfQuantile(Samples(sessions), 0.5)!.Value);
            double[] all = [.. sessions.SelectMany(values => values)];
            Assert.InRange(first.Low, all.Min(), first.High);
            Assert.InRange(first.High, first.Low, all.Max());
        }, iter: 50);

    [Fact]
    public void A_single_repetition_has_no_interval() => Assert.Null(HierarchicalBootstrap.OfQuantile(Samples([5]), 0.5));

    private static SampleSet Samples(params double[][] sessions) =>
        SampleSet.Of("tpot", sessions.Select((values, session) =>
            StoredRuns.Trial(session, new Series("tpot", values, new double[values.Length], [.. Enumerable.Range(0, values.Length)]))));
}
