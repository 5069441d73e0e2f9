namespace EdgeBench.Statistics.Estimators;

/// <summary>Mean and its standard error s/√n, with s over n − 1 (D. E. Knuth, TAOCP 2, 4.2.2: Welford's recurrence).</summary>
/// <param name="Count">Readings; 1 leaves the error undefined (NaN).</param>
public readonly record struct MeanError(double Mean, double StandardError, int Count)
{
    /// <summary>Half width of a 95 % normal interval in standard errors.</summary>
    public const double Normal95 = 1.959963984540054;

    /// <summary>Throws <see cref="ArgumentException"/> where there are no values.</summary>
    public static MeanError Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("A mean needs at least one value.", nameof(values));
        double mean = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double delta = values[i] - mean;
            mean += delta / (i + 1);
            squares += delta * (values[i] - mean);
        }
        double error = values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1) / values.Length) : double.NaN;
        return new MeanError(mean, error, values.Length);
    }

    /// <summary>
    /// exp of the mean with its standard error by the delta method, exp(m)·SE(m): what llama.cpp's perplexity tool prints as ±.
    /// </summary>
    public MeanError Exponential()
    {
        double value = Math.Exp(Mean);
        return new MeanError(value, value * StandardError, Count);
    }
}
