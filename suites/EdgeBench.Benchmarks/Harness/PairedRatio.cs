namespace EdgeBench.Benchmarks.Harness;

/// <summary>Ratios of interleaved pairs: their median, with the interval that order statistics give it whatever the distribution.</summary>
internal sealed record PairedRatio(double Median, double Low, double High, IReadOnlyList<double> Ratios)
{
    public static PairedRatio Of(IReadOnlyList<double> ratios)
    {
        double[] sorted = [.. ratios.Order()];
        int n = sorted.Length;
        // Sign-test interval: the largest k whose binomial tails hold at most 5 % (Conover 1999, section 3.2). Below six pairs it is the whole range.
        int k = 0;
        double tail = Math.Pow(0.5, n), term = tail;
        while (tail + (term *= (double)(n - k) / (k + 1)) <= 0.025)
        {
            tail += term;
            k++;
        }
        return new PairedRatio((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[k], sorted[n - 1 - k], ratios);
    }

    public override string ToString() => $"{Median:0.0000} [{Low:0.0000}, {High:0.0000}] over {Ratios.Count} pairs";
}
