using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class EstimatorTests
{
    [Fact]
    public void A_speed_is_the_median_over_all_sessions()
    {
        CellEstimate estimate = Estimator.Estimate(MetricRegistry.DecodeRate, [Trial(0, "decode_tok_s", 10, 20, 30), Trial(1, "decode_tok_s", 40, 50)])!;
        Assert.Equal((30.0, 5, 2), (estimate.Value, estimate.Samples, estimate.Sessions));
        Assert.False(estimate.WithinSessionOnly);
    }

    [Fact]
    public void One_session_is_flagged() =>
        Assert.True(Estimator.Estimate(MetricRegistry.DecodeRate, [Trial(0, "decode_tok_s", 10, 20, 30)])!.WithinSessionOnly);

    [Fact]
    public void A_peak_is_the_largest_with_the_trials_range()
    {
        CellEstimate estimate = Estimator.Estimate(MetricRegistry.PeakRss, [Trial(0, "peak_rss", 100), Trial(1, "peak_rss", 120)])!;
        Assert.Equal(120, estimate.Value);
        Assert.Equal(new Interval(100, 120, IntervalKind.Range), estimate.Interval);
    }

    [Fact]
    public void A_peak_read_often_in_a_trial_counts_once_for_its_range()
    {
        CellEstimate two = Estimator.Estimate(MetricRegistry.PeakPss, [Trial(0, "peak_pss", 50, 80, 100), Trial(1, "peak_pss", 60, 120)])!;
        Assert.Equal(new Interval(100, 120, IntervalKind.Range), two.Interval);
        Assert.Equal((120.0, 5, 2), (two.Value, two.Samples, two.Sessions));
        Assert.Null(Estimator.Estimate(MetricRegistry.PeakPss, [Trial(0, "peak_pss", 50, 80, 100)])!.Interval);
    }

    [Theory]
    [InlineData(63, false, false)]
    [InlineData(64, true, false)]
    [InlineData(661, true, false)]
    [InlineData(662, true, true)]
    public void Tail_percentiles_need_as_many_readings_as_MLPerf_asks(int count, bool p90, bool p99)
    {
        double[] values = [.. Enumerable.Range(1, count).Select(i => (double)i)];
        Percentiles percentiles = Estimator.Estimate(MetricRegistry.Itl, [Trial(0, "itl", values)])!.Percentiles!;
        Assert.Equal((p90, p99, count), (percentiles.P90.HasValue, percentiles.P99.HasValue, percentiles.Samples));
    }

    [Fact]
    public void Scoring_the_same_tokens_again_does_not_shrink_the_error_of_perplexity()
    {
        double[] losses = [1, 2, 3, 4];
        CellEstimate once = Estimator.Estimate(MetricRegistry.Perplexity, [Trial(0, "token_nll", losses)])!;
        CellEstimate thrice = Estimator.Estimate(MetricRegistry.Perplexity, [Trial(0, "token_nll", losses), Trial(1, "token_nll", losses), Trial(2, "token_nll", losses)])!;
        Assert.Equal(Math.Exp(2.5), once.Value, 12);
        Assert.Equal(once.StandardError!.Value, thrice.StandardError!.Value, 12);
        Assert.Equal(4, thrice.Samples);
    }

    [Fact]
    public void Failed_trials_and_readings_that_are_no_numbers_count_for_nothing()
    {
        StoredTrial failed = StoredRuns.Failed(Trial(1, "tpot", 1000));
        CellEstimate estimate = Estimator.Estimate(MetricRegistry.Tpot, [Trial(0, "tpot", 10, double.NaN, 12), failed])!;
        Assert.Equal((11.0, 2, 1), (estimate.Value, estimate.Samples, estimate.Sessions));
        Assert.Null(Estimator.Estimate(MetricRegistry.Tpot, [failed]));
    }

    private static StoredTrial Trial(int session, string metric, params double[] values) =>
        StoredRuns.Trial(session, new Series(metric, values, new double[values.Length], [.. Enumerable.Range(0, values.Length)]));
}
