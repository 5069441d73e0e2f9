using System.Globalization;

namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>
/// Warm-up on a straight line, rate · (s + 1) / warm-up at step s, then a fall that ends at step <paramref name="Steps"/>; the lowest rate from there on.
/// </summary>
/// <param name="Peak">Rate after the warm-up.</param>
/// <param name="WarmUp">Steps of it; 0 for none.</param>
/// <param name="Steps">Of the whole training.</param>
/// <param name="Lowest">Where the fall ends.</param>
public sealed record WarmUpSchedule(double Peak, long WarmUp, long Steps, Decay Decay, double Lowest = 0) : ISchedule
{
    public string Description => string.Create(CultureInfo.InvariantCulture, $"{Decay} peak={Peak} warm-up={WarmUp} steps={Steps} lowest={Lowest}");

    /// <summary>One rate for all steps.</summary>
    public static WarmUpSchedule Constant(double rate) => new(rate, 0, long.MaxValue, Decay.None);

    public double Rate(long step)
    {
        if (step < WarmUp) return Peak * (step + 1) / WarmUp;
        if (Decay == Decay.None) return Peak;
        double done = Steps <= WarmUp ? 1 : Math.Min(1, (double)(step - WarmUp) / (Steps - WarmUp));
        double left = Decay == Decay.Linear ? 1 - done : 0.5 * (1 + Math.Cos(Math.PI * done));
        return Lowest + ((Peak - Lowest) * left);
    }
}
