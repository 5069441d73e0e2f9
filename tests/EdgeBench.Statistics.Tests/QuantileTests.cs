using CsCheck;
using EdgeBench.Core.Trials;
using EdgeBench.Statistics.Estimators;
using EdgeBench.Testing;

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

    // Long enough for several rows of counts, with ties and with repetitions that were not drawn.
    [Fact]
    public void Counting_repetitions_first_finds_the_same_quantile() =>
        Gen.Select(Gen.Double[0, 50].Select(Math.Round).Array[700, 900], Gen.Int[0, 3].Array[9], Gen.Double[0, 1]).Sample((values, weight, p) =>
        {
            Series series = new("itl", values, new double[values.Length], [.. Enumerable.Range(0, values.Length).Select(i => i % weight.Length)]);
            SampleSet samples = SampleSet.Of("itl", [StoredRuns.Trial(0, series)]);
            long total = samples.Block.Sum(block => (long)weight[block]);
            if (total == 0) return;
            BlockCounts counts = BlockCounts.Of(samples)!;
            Assert.Equal(Quantile.OfWeighted(samples.Sorted, samples.Block, weight, total, p), Quantile.OfWeighted(samples.Sorted, samples.Block, weight, total, p, counts));
        }, iter: 200);

    [Fact]
    public void No_values_have_no_quantile() => Assert.Throws<ArgumentException>(() => Quantile.Of([], 0.5));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void A_probability_outside_0_to_1_is_refused(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => Quantile.Of([1, 2], p));
}
