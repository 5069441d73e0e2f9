namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// Score interval of a proportion (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927,
/// doi:10.1080/01621459.1927.10502953), without continuity correction. Unlike mean ± standard errors it claims no certainty where all or none are right.
/// </summary>
public static class WilsonInterval
{
    /// <summary>95 % interval for <paramref name="hits"/> of <paramref name="count"/>. Throws <see cref="ArgumentException"/> for no readings.</summary>
    public static Interval Of(int hits, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, count);
        const double Z = MeanError.Normal95;
        double p = hits / (double)count, scale = 1 + (Z * Z / count);
        double centre = p + (Z * Z / (2 * count)), half = Z * Math.Sqrt((p * (1 - p) / count) + (Z * Z / (4.0 * count * count)));
        // Where all or none are right the bound is 1 or 0 exactly; rounding must not pass it.
        double low = hits == 0 ? 0 : (centre - half) / scale, high = hits == count ? 1 : (centre + half) / scale;
        return new Interval(low, high, IntervalKind.Wilson);
    }
}
