using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Integration;
using EdgeBench.Devices.Power.Sessions;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.Shelly;

/// <summary>
/// A Shelly plug over HTTP. Second generation and later: <c>/rpc/Switch.GetStatus</c> (apower in W, aenergy.total in Wh); first: <c>/status</c>
/// (meters[].power in W, meters[].total in watt-minutes). Sources: the vendor's API documents for both generations.
/// </summary>
public sealed class ShellyMeter : IPowerMeter
{
    private const double WattHour = 3600, WattMinute = 60;

    // Steps of the counters: three decimals of a Wh, whole watt-minutes.
    private const double ResolutionNew = 0.001 * WattHour, ResolutionOld = WattMinute;

    public string Name => "shelly";

    public Type OptionsType => typeof(ShellyOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Wall;

    public async Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        ShellyOptions asked = MeterOptions.Of<ShellyOptions>(options);
        PlugHttp plug = new(asked.Address);
        try
        {
            Generation generation = await FindAsync(plug, asked, cancellation).ConfigureAwait(false);
            bool counts = asked.Reading == ShellyReading.Energy;
            MeterDescription description = new(counts ? MeterKind.Energy : MeterKind.Power, EnergyBoundary.Wall,
                $"plug at {asked.Address}, switch {asked.Channel}, {(counts ? "its counter" : "its power")}", counts ? generation.Step : null);
            // A minute's energy arrives in one step, which no bound on power would let pass.
            CounterTrack counter = new(range: null, mostWatts: double.MaxValue);
            return new PolledSession(description, asked.Rate, token => ReadAsync(plug, generation, asked, counter, token), plug);
        }
        catch
        {
            plug.Dispose();
            throw;
        }
    }

    private static async Task<Generation> FindAsync(PlugHttp plug, ShellyOptions asked, CancellationToken cancellation)
    {
        Generation[] generations =
        [
            new($"/rpc/Switch.GetStatus?id={asked.Channel}", ResolutionNew, status => JsonNumber.At(status, "apower"), status => JsonNumber.At(status, "aenergy", "total") * WattHour),
            new("/status", ResolutionOld, status => JsonNumber.At(Meter(status, asked.Channel), "power"), status => JsonNumber.At(Meter(status, asked.Channel), "total") * WattMinute),
        ];
        foreach (Generation generation in generations)
        {
            using JsonDocument? status = await plug.AskAsync(generation.Path, cancellation).ConfigureAwait(false);
            if (status is not null && generation.Power(status.RootElement) is not null) return generation;
        }
        throw new MeterException($"no Shelly plug that measures answers at {asked.Address}, switch {asked.Channel}",
            "Check address and channel; the plug must be reachable from the device that runs the agent, and ask for no password.");
    }

    private static async ValueTask<MeterReading> ReadAsync(PlugHttp plug, Generation generation, ShellyOptions asked, CounterTrack counter, CancellationToken cancellation)
    {
        double before = MeterClock.Now;
        using JsonDocument? status = await plug.AskAsync(generation.Path, cancellation).ConfigureAwait(false);
        double at = (before + MeterClock.Now) / 2;
        return asked.Reading == ShellyReading.Energy
            ? counter.Advance(at, status is null ? null : generation.Energy(status.RootElement))
            : MeterReading.OfPower(at, status is null ? null : generation.Power(status.RootElement));
    }

    // Undefined, which holds no numbers, where there is none or it says itself that it does not measure now.
    private static JsonElement Meter(JsonElement status, int channel)
    {
        if (status.ValueKind != JsonValueKind.Object || !status.TryGetProperty("meters", out JsonElement meters) || meters.ValueKind != JsonValueKind.Array) return default;
        if (channel >= meters.GetArrayLength() || meters[channel] is not { ValueKind: JsonValueKind.Object } meter) return default;
        return meter.TryGetProperty("is_valid", out JsonElement valid) && valid.ValueKind == JsonValueKind.False ? default : meter;
    }

    private sealed record Generation(string Path, double Step, Func<JsonElement, double?> Power, Func<JsonElement, double?> Energy);
}
