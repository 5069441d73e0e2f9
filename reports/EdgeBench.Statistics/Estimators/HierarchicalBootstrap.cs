using MathNet.Numerics.Random;

namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// Percentile bootstrap over two levels: sessions with replacement, then repetitions inside each drawn session with replacement
/// (A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application, 1997, section 3.8; T. Kalibera and R. Jones, "Rigorous
/// Benchmarking in Reasonable Time", ISMM 2013, doi:10.1145/2464157.2464160, for why the upper level must be resampled). With few
/// sessions it covers less than its nominal 95 %.
/// </summary>
public static class HierarchicalBootstrap
{
    /// <summary>Seed of the resampling, fixed so that a stored run always gives the same report.</summary>
    public const int Seed = 1_013_904_223;

    private const int MostResamples = 1000, FewestResamples = 200;

    // One resample walks all readings: bounded, so that a cell with very many does not stall a report.
    private const long WalkBudget = 1_000_000;

    /// <summary>Resamples drawn for that many readings.</summary>
    public static int Resamples(int readings) => (int)Math.Clamp(WalkBudget / Math.Max(1, readings), FewestResamples, MostResamples);

    /// <summary>95 % interval of the <paramref name="p"/>-quantile; null for fewer than two repetitions in all.</summary>
    public static Interval? OfQuantile(SampleSet samples, double p)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.BlockSize.Length < 2) return null;
        Xoshiro256StarStar random = new(Seed, threadSafe: false);
        double[] estimates = new double[Resamples(samples.Sorted.Length)];
        int[] weight = new int[samples.BlockSize.Length];
        BlockCounts? counts = BlockCounts.Of(samples);
        for (int resample = 0; resample < estimates.Length; resample++)
        {
            Array.Clear(weight);
            long total = Draw(samples, random, weight);
            estimates[resample] = Quantile.OfWeighted(samples.Sorted, samples.Block, weight, total, p, counts);
        }
        Array.Sort(estimates);
        return new Interval(Quantile.OfSorted(estimates, 0.025), Quantile.OfSorted(estimates, 0.975), IntervalKind.Bootstrap);
    }

    private static long Draw(SampleSet samples, Xoshiro256StarStar random, int[] weight)
    {
        long total = 0;
        for (int s = 0; s < samples.Sessions.Length; s++)
        {
            int[] session = samples.Sessions[random.Next(samples.Sessions.Length)];
            for (int r = 0; r < session.Length; r++)
            {
                int block = session[random.Next(session.Length)];
                weight[block]++;
                total += samples.BlockSize[block];
            }
        }
        return total;
    }
}
