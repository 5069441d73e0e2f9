using MathNet.Numerics;

namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// Whether two artifacts are right equally often on the same items, from the items on which only one of them is (Q. McNemar, Psychometrika 12, 1947,
/// doi:10.1007/BF02295996). Two-sided, from the binomial distribution of the discordant pairs with p = 1/2: exact, and mid-p, which holds its level and
/// has more power (M. W. Fagerland, S. Lydersen, P. Laake, BMC Medical Research Methodology 13:91, 2013, doi:10.1186/1471-2288-13-91).
/// </summary>
/// <param name="Lost">Items that only the first has right.</param>
/// <param name="Won">Items that only the second has right.</param>
public readonly record struct McNemarTest(int Lost, int Won)
{
    /// <summary>2·P(X ≤ min(lost, won)), at most 1; 1 where no item differs.</summary>
    public double Exact => Math.Min(1, 2 * Tail());

    /// <summary>The exact p less the probability of what was observed; 1 where no item differs.</summary>
    public double MidP
    {
        get
        {
            int discordant = Lost + Won;
            if (discordant == 0) return 1;
            double observed = Probability(Math.Min(Lost, Won), discordant);
            return Lost == Won ? 1 - (observed / 2) : (2 * Tail()) - observed;
        }
    }

    private double Tail()
    {
        int discordant = Lost + Won;
        double sum = 0;
        for (int k = 0; k <= Math.Min(Lost, Won); k++) sum += Probability(k, discordant);
        return sum;
    }

    // In logarithms: 2^-n underflows from 1,075 discordant pairs on.
    private static double Probability(int k, int n) => Math.Exp(SpecialFunctions.BinomialLn(n, k) - (n * Math.Log(2)));
}
