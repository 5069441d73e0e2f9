using EdgeBench.Statistics.Estimators;

namespace EdgeBench.Statistics.Tests;

public class McNemarTestTests
{
    // statsmodels, stats/tests/test_nonparametric.py, test_mcnemar_exact (from vassarstats.net), six decimals.
    [Theory]
    [InlineData(121, 59, 0.000004)]
    [InlineData(70, 59, 0.378688)]
    [InlineData(80, 59, 0.089452)]
    [InlineData(30, 60, 0.00206)]
    [InlineData(10, 30, 0.002221)]
    [InlineData(10, 10, 1)]
    public void Exact_p_of_statsmodels(int lost, int won, double p)
    {
        Assert.Equal(p, new McNemarTest(lost, won).Exact, 0.0000006);
        Assert.Equal(new McNemarTest(lost, won).Exact, new McNemarTest(won, lost).Exact, 1e-12);
    }

    // M. W. Fagerland, S. Lydersen, P. Laake 2013, table 1 (airway hyper-responsiveness: 1 and 7) with its text: exact 0.070, mid-p 0.039.
    [Fact]
    public void Fagerlands_example()
    {
        McNemarTest test = new(1, 7);
        Assert.Equal(0.070, test.Exact, 3);
        Assert.Equal(0.039, test.MidP, 3);
        // 2·(1 + 8)/2^8, and less 8/2^8.
        Assert.Equal(18 / 256.0, test.Exact, 1e-12);
        Assert.Equal(10 / 256.0, test.MidP, 1e-12);
    }

    // P. Armitage and G. Berry 1994, p. 127 (12 and 2), as StatsDirect's manual gives it: two-sided p = 0.0129.
    [Fact]
    public void Armitages_example() => Assert.Equal(0.0129, new McNemarTest(12, 2).Exact, 4);

    // The paper's rule for equal counts: 1 − P/2, here with P = C(2, 1)/2^2.
    [Fact]
    public void Equal_counts() => Assert.Equal((1, 0.75), (new McNemarTest(1, 1).Exact, Math.Round(new McNemarTest(1, 1).MidP, 12)));

    [Fact]
    public void No_difference_is_no_evidence() => Assert.Equal((1, 1), (new McNemarTest(0, 0).Exact, new McNemarTest(0, 0).MidP));

    [Fact]
    public void Thousands_of_pairs_neither_underflow_nor_pass_one()
    {
        // Normal approximation with 4,000 discordant pairs: z = 100/√4000 = 1.581, p = 0.1138.
        Assert.Equal(0.1138, new McNemarTest(1950, 2050).MidP, 0.0005);
        Assert.InRange(new McNemarTest(2000, 2000).MidP, 0.99, 1);
        Assert.True(new McNemarTest(0, 4000).Exact is >= 0 and < 1e-300);
    }
}
