using CsCheck;
using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics.Tests;

public class QuantileTests
{
    // R: quantile(x, p), type 7 being its default; the second is the worked example of Wikipedia's "Percentile" (linear interpolation, C = 1).
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, 0.25, 1.75)]
    [InlineData(new double[] { 15, 20, 35, 40, 50 }, 0.4, 29)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 0.5, 2.5)]
    [InlineData(new double[] { 7 }, 0.99, 7)]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, 0.9, 9.1)]
    public void It_agrees_with_published_values(double[] values, double p, double expected) => Assert.Equal(expected, Quantile.Of(values, p), 12);

    [Fact]
    public void A_weighted_quantile_is_the_quantile_of_the_values_written_out()
    {
        Gen<(double, int)[]> groups = Gen.Select(Gen.Double[-1e3, 1e3], Gen.Int[0, 4]).Array[1, 12];
        Gen.Select(groups, Gen.Double[0, 1]).Sample((pairs, p) =>
        {
            (double Value, int Weight)[] sorted = [.. pairs.OrderBy(pair => pair.Item1)];
            double[] written = [.. sorted.SelectMany(pair => Enumerable.Repeat(pair.Value, pair.Weight))];
            if (written.Length == 0) return;
            double weighted = Quantile.OfWeighted([.. sorted.Select(pair => pair.Value)], [.. Enumerable.Range(0, sorted.Length)],
                [.. sorted.Select(pair => pair.Weight)], written.Length, p);
            Assert.Equal(Quantile.OfSorted(written, p), weighted, 9);
        });
    }

    [Fact]
    public void No_values_have_no_quantile() => Assert.Throws<ArgumentException>(() => Quantile.Of([], 0.5));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void A_probability_outside_0_to_1_is_refused(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => Quantile.Of([1, 2], p));
}
