namespace EdgeBench.Devices.Power.Integration;

/// <summary>Guesses the resolution of a meter that does not tell it, from its readings.</summary>
internal static class ReadingStep
{
    // Fewer values may all lie many steps apart.
    private const int ManyValues = 10;

    private const int FinestDecimal = 6;

    /// <summary>Of many different values, the smallest distance; of few, the decimal place that they are given to, at most the ones.</summary>
    public static double Of(IEnumerable<MeterReading> readings)
    {
        double[] values = [.. readings.Select(reading => reading.Value).Distinct().Order()];
        if (values.Length >= ManyValues) return values.Zip(values.Skip(1), (a, b) => b - a).Min();
        int place = 0;
        while (place < FinestDecimal && !Array.TrueForAll(values, value => Math.Abs(value - Math.Round(value, place)) <= 1e-9 * Math.Abs(value))) place++;
        return Math.Pow(10, -place);
    }
}
