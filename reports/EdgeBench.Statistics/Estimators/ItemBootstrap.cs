using MathNet.Numerics.Random;

namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// Bootstrap over items: as many as there are, drawn with replacement, the statistic computed on each draw (B. Efron and R. J. Tibshirani, An Introduction to the
/// Bootstrap, 1993, chapters 6 and 13). A statistic that compares two artifacts sees both on the same draw, which makes the bootstrap a paired one
/// (P. Koehn, "Statistical Significance Tests for Machine Translation Evaluation", EMNLP 2004).
/// </summary>
public static class ItemBootstrap
{
    /// <summary>Seed of the resampling, fixed so that a stored run always gives the same report.</summary>
    public const int Seed = 1_013_904_223;

    private const int MostResamples = 10_000, FewestResamples = 1_000;

    // Draws of items in all: bounded, so that many items do not stall a report.
    private const long DrawBudget = 4_000_000;

    public delegate double Statistic(ReadOnlySpan<int> items);

    /// <summary>Resamples drawn for that many items.</summary>
    public static int Resamples(int items) => (int)Math.Clamp(DrawBudget / Math.Max(1, items), FewestResamples, MostResamples);

    /// <summary>95 % percentile interval and standard error of a statistic of <paramref name="count"/> items; null for fewer than two.</summary>
    public static (Interval Interval, double StandardError)? Of(int count, Statistic statistic)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        if (count < 2) return null;
        Xoshiro256StarStar random = new(Seed, threadSafe: false);
        double[] estimates = new double[Resamples(count)];
        int[] items = new int[count];
        for (int resample = 0; resample < estimates.Length; resample++)
        {
            for (int i = 0; i < count; i++) items[i] = random.Next(count);
            estimates[resample] = statistic(items);
        }
        Array.Sort(estimates);
        // The spread of the statistic itself, so no further √n.
        double error = MeanError.Of(estimates).StandardError * Math.Sqrt(estimates.Length);
        return (new Interval(Quantile.OfSorted(estimates, 0.025), Quantile.OfSorted(estimates, 0.975), IntervalKind.ItemBootstrap), error);
    }
}
