using System.Text.Json;
using EdgeBench.Devices.Power.Integration;

namespace EdgeBench.Devices.Power.Shelly;

/// <summary>How a generation of Shelly plugs tells what it measures. Sources: the vendor's API documents for both generations.</summary>
/// <param name="Path">Over HTTP.</param>
/// <param name="Step">Of its counter, in J.</param>
/// <param name="Power">In W.</param>
/// <param name="Energy">In J.</param>
internal sealed record ShellyGeneration(string Path, double Step, Func<JsonElement, double?> Power, Func<JsonElement, double?> Energy)
{
    private const double WattHour = 3600, WattMinute = 60;

    /// <summary>Second and later: apower in W, aenergy.total in Wh with three decimals.</summary>
    public static ShellyGeneration Second(int channel) => new($"/rpc/Switch.GetStatus?id={channel}", 0.001 * WattHour,
        status => JsonNumber.At(status, "apower"), status => JsonNumber.At(status, "aenergy", "total") * WattHour);

    /// <summary>First: meters[].power in W, meters[].total in whole watt-minutes.</summary>
    public static ShellyGeneration First(int channel) => new("/status", WattMinute,
        status => JsonNumber.At(Meter(status, channel), "power"), status => JsonNumber.At(Meter(status, channel), "total") * WattMinute);

    /// <summary>The counter: a minute's energy arrives in one step, which no bound on power would let pass.</summary>
    public static CounterTrack Counter() => new(range: null, mostWatts: double.MaxValue);

    // Undefined, which holds no numbers, where there is none or it says itself that it does not measure now.
    private static JsonElement Meter(JsonElement status, int channel)
    {
        if (status.ValueKind != JsonValueKind.Object || !status.TryGetProperty("meters", out JsonElement meters) || meters.ValueKind != JsonValueKind.Array) return default;
        if (channel >= meters.GetArrayLength() || meters[channel] is not { ValueKind: JsonValueKind.Object } meter) return default;
        return meter.TryGetProperty("is_valid", out JsonElement valid) && valid.ValueKind == JsonValueKind.False ? default : meter;
    }
}
