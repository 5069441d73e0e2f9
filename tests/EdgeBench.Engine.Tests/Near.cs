namespace EdgeBench.Engine.Tests;

/// <summary>Comparison of float32 results with a reference.</summary>
internal static class Near
{
    /// <summary>Every element within <paramref name="tolerance"/> of the reference's largest magnitude.</summary>
    public static void Relative(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance) =>
        Absolute(expected, actual, tolerance * Largest(expected));

    /// <summary>Every element within <paramref name="tolerance"/>.</summary>
    public static void Absolute(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            // Not "larger than", so that a NaN is the worst there is.
            if (!(difference <= worst)) (worst, at) = (difference, i);
            if (double.IsNaN(difference)) break;
        }
        Assert.True(worst <= tolerance, $"Element {at}: {actual[at]} instead of {expected[at]}, {worst:g3} apart, {tolerance:g3} allowed.");
    }

    private static double Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
