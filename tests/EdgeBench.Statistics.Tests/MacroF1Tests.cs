using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics.Tests;

public class MacroF1Tests
{
    // scikit-learn, documentation of sklearn.metrics.f1_score: average="macro" gives 0.26….
    [Fact]
    public void The_example_of_scikit_learn() => Assert.Equal(0.26666666666666666, MacroF1.Of([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]), 1e-15);

    // The same documentation, zero_division: y_true of zeros, y_pred of zeros: one class, F1 1.
    [Fact]
    public void One_class_that_is_always_right() => Assert.Equal(1, MacroF1.Of([0, 0, 0], [0, 0, 0]));

    [Fact]
    public void A_class_that_is_only_predicted_counts_as_zero()
    {
        // Class 0: TP 2, FN 1: 4/5. Class 5: FP 1: 0. Classes between do not occur.
        Assert.Equal(0.4, MacroF1.Of([0, 0, 0], [0, 0, 5]), 1e-15);
    }

    [Fact]
    public void Two_classes_by_hand()
    {
        // TP 3, FP 1, FN 2: 6/9; the other class: TP 4, FP 2, FN 1: 8/11.
        int[] right = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], predicted = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
        Assert.Equal(((6 / 9.0) + (8 / 11.0)) / 2, MacroF1.Of(right, predicted), 1e-15);
    }

    [Fact]
    public void What_is_no_pair_of_lists_is_refused()
    {
        Assert.Throws<ArgumentException>(() => MacroF1.Of([], []));
        Assert.Throws<ArgumentException>(() => MacroF1.Of([0], [0, 1]));
    }
}
