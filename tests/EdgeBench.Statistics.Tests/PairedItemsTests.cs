using EdgeBench.Core.Metrics;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Statistics.Estimators;
using EdgeBench.Testing;

namespace EdgeBench.Statistics.Tests;

public class PairedItemsTests
{
    [Fact]
    public void Discordant_items_are_counted_and_the_difference_has_an_interval()
    {
        // 100 items: 60 right in both, 12 only before, 5 only after.
        double[] before = [.. Enumerable.Range(0, 100).Select(item => item < 72 ? 1.0 : 0)], after = [.. Enumerable.Range(0, 100).Select(item => item < 60 || item >= 95 ? 1.0 : 0)];
        PairedItems pairs = PairedItems.Of(Outcomes(before), Outcomes(after))!;
        Assert.Equal(new McNemarTest(12, 5), pairs.Test);
        Assert.Equal((100, 0.72, 0.65), (pairs.Items, pairs.First, pairs.Second));
        Assert.Equal(-0.07, pairs.Difference, 1e-12);
        // √((12 + 5)/100 − 0.07²)/10 = 0.04064, times 1.96.
        Assert.Equal(-0.07 - 0.0796, pairs.Interval!.Value.Low, 0.012);
        Assert.Equal(-0.07 + 0.0796, pairs.Interval!.Value.High, 0.012);
    }

    [Fact]
    public void Only_items_that_both_have_are_compared()
    {
        ItemOutcomes first = ItemOutcomes.Of(MetricRegistry.Accuracy, [Trial(("item_acc", [1, 0, 1], [0, 1, 2]))])!, second = ItemOutcomes.Of(MetricRegistry.Accuracy, [Trial(("item_acc", [1, 1, 0], [3, 2, 1]))])!;
        PairedItems pairs = PairedItems.Of(first, second)!;
        Assert.Equal((2, 0.5, 0.5), (pairs.Items, pairs.First, pairs.Second));
        Assert.Equal(new McNemarTest(0, 0), pairs.Test);
        Assert.Null(pairs.Interval);
        Assert.Null(PairedItems.Of(first, ItemOutcomes.Of(MetricRegistry.Accuracy, [Trial(("item_acc", [1], [9]))])!));
    }

    [Fact]
    public void Macro_F1_is_compared_without_a_test_of_right_and_wrong()
    {
        ItemOutcomes first = Classes([0, 0, 1, 1, 0, 1]), second = Classes([0, 1, 1, 1, 0, 1]);
        PairedItems pairs = PairedItems.Of(first, second)!;
        Assert.Null(pairs.Test);
        Assert.Equal(MacroF1.Of([0, 0, 1, 1, 0, 0], [0, 1, 1, 1, 0, 1]) - MacroF1.Of([0, 0, 1, 1, 0, 0], [0, 0, 1, 1, 0, 1]), pairs.Difference, 1e-12);
        Assert.True(pairs.Interval!.Value.Low <= pairs.Difference && pairs.Difference <= pairs.Interval.Value.High);

        ItemOutcomes Classes(double[] predicted) => ItemOutcomes.Of(MetricRegistry.MacroF1,
            [Trial(("item_class_predicted", predicted, [0, 1, 2, 3, 4, 5]), ("item_class", [0, 0, 1, 1, 0, 0], [0, 1, 2, 3, 4, 5]))])!;
    }

    [Fact]
    public void Readings_that_are_not_one_for_each_item_are_no_outcomes()
    {
        Assert.Null(ItemOutcomes.Of(MetricRegistry.Accuracy, [Trial(("item_acc", [1, 0], [4, 4]))]));
        Assert.Null(ItemOutcomes.Of(MetricRegistry.Accuracy, [Trial(("item_acc", [double.NaN], [4]))]));
        Assert.Null(ItemOutcomes.Of(MetricRegistry.MacroF1, [Trial(("item_class_predicted", [1], [4]))]));
        Assert.Null(ItemOutcomes.Of(MetricRegistry.Accuracy, []));
    }

    [Fact]
    public void A_share_of_right_items_has_the_harness_error_and_Wilsons_interval()
    {
        double[] right = [.. Enumerable.Range(0, 263).Select(item => item < 81 ? 1.0 : 0)];
        CellEstimate estimate = Estimator.Estimate(MetricRegistry.Accuracy, [Trial(("item_acc", right, [.. Enumerable.Range(0, 263)]))])!;
        double p = 81 / 263.0;
        Assert.Equal(p, estimate.Value, 1e-12);
        // lm-evaluation-harness, api/metrics.py, mean_stderr: the sample's deviation over √n.
        Assert.Equal(Math.Sqrt(p * (1 - p) / 262), estimate.StandardError!.Value, 1e-12);
        Assert.Equal((0.2553, 0.3662), (Math.Round(estimate.Interval!.Value.Low, 4), Math.Round(estimate.Interval.Value.High, 4)));
        Assert.Equal((263, 1, false), (estimate.Samples, estimate.Sessions, estimate.WithinSessionOnly));
    }

    [Fact]
    public void Macro_F1_has_a_bootstrap_over_items()
    {
        double[] right = [.. Enumerable.Range(0, 200).Select(item => (double)(item % 2))], predicted = [.. Enumerable.Range(0, 200).Select(item => item % 5 == 0 ? 0.0 : item % 2)];
        CellEstimate estimate = Estimator.Estimate(MetricRegistry.MacroF1, [Trial(("item_class_predicted", predicted, [.. Enumerable.Range(0, 200)]), ("item_class", right, [.. Enumerable.Range(0, 200)]))])!;
        Assert.Equal(MacroF1.Of([.. right.Select(label => (int)label)], [.. predicted.Select(label => (int)label)]), estimate.Value, 1e-12);
        Assert.Equal(IntervalKind.ItemBootstrap, estimate.Interval!.Value.Kind);
        // 20 of 200 wrong, all of one class: near the error of a share of 0.9, √(0.09/200) = 0.0212.
        Assert.InRange(estimate.StandardError!.Value, 0.018, 0.025);
    }

    private static ItemOutcomes Outcomes(double[] right) => ItemOutcomes.Of(MetricRegistry.Accuracy, [Trial(("item_acc", right, [.. Enumerable.Range(0, right.Length)]))])!;

    private static StoredTrial Trial(params (string Metric, double[] Values, int[] Items)[] series) =>
        StoredRuns.Trial(0, [.. series.Select(one => new Series(one.Metric, one.Values, new double[one.Values.Length], one.Items))]);
}
