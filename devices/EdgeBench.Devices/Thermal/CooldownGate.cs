using System.Diagnostics;
using EdgeBench.Core.Configuration;
using EdgeBench.Devices.Sensors;

namespace EdgeBench.Devices.Thermal;

/// <summary>How the wait before a trial went.</summary>
/// <param name="Seconds">Waited.</param>
/// <param name="Celsius">Hottest zone when the wait ended; null without a sensor.</param>
/// <param name="Exceeded">The limit passed before the temperature was reached.</param>
/// <param name="NotApplied">What was asked for and could not be waited for.</param>
public sealed record Cooldown(double Seconds, double? Celsius, bool Exceeded, string? NotApplied);

/// <summary>Waits before a trial until the device has rested and cooled down.</summary>
public static class CooldownGate
{
    public static Task<Cooldown> WaitAsync(SystemRoot root, CooldownSpec spec, CancellationToken cancellation) => WaitAsync(root, spec, TimeSpan.FromSeconds(1), cancellation);

    /// <param name="poll">Between two looks at the temperature.</param>
    internal static async Task<Cooldown> WaitAsync(SystemRoot root, CooldownSpec spec, TimeSpan poll, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(spec.Rest, cancellation).ConfigureAwait(false);
        double? celsius = ThermalZones.Highest(root);
        while (spec.Below is { } below && celsius >= below && Stopwatch.GetElapsedTime(began) < spec.Limit)
        {
            await Task.Delay(poll, cancellation).ConfigureAwait(false);
            // A look that fails says nothing: the device is as hot as it was.
            celsius = ThermalZones.Highest(root) ?? celsius;
        }
        string? missing = spec.Below is { } asked && celsius is null ? $"cool-down below {asked} °C: the device shows no temperature" : null;
        return new Cooldown(Stopwatch.GetElapsedTime(began).TotalSeconds, celsius, spec.Below is { } limit && celsius >= limit, missing);
    }
}
