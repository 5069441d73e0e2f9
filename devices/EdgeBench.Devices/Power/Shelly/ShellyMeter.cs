using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Integration;
using EdgeBench.Devices.Power.Sessions;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.Shelly;

/// <summary>A Shelly plug over HTTP, of either generation (<see cref="ShellyGeneration"/>), or through its MQTT broker.</summary>
public sealed class ShellyMeter : IPowerMeter
{
    public string Name => "shelly";

    public Type OptionsType => typeof(ShellyOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Wall;

    public async Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        ShellyOptions asked = MeterOptions.Of<ShellyOptions>(options);
        if (asked.Address is null == asked.Broker is null)
            throw new MeterException("shelly needs either 'address' or 'broker'", "Write one of them into the meter's options; 'broker' with the plug's 'topic'.");
        if (asked.Broker is { } broker) return await ShellyBroker.OpenAsync(broker, asked, cancellation).ConfigureAwait(false);
        PlugHttp plug = new(asked.Address!);
        try
        {
            ShellyGeneration generation = await FindAsync(plug, asked, cancellation).ConfigureAwait(false);
            bool counts = asked.Reading == ShellyReading.Energy;
            MeterDescription description = new(counts ? MeterKind.Energy : MeterKind.Power, EnergyBoundary.Wall,
                $"plug at {asked.Address}, switch {asked.Channel}, {(counts ? "its counter" : "its power")}", counts ? generation.Step : null);
            CounterTrack counter = ShellyGeneration.Counter();
            return new PolledSession(description, asked.Rate, token => ReadAsync(plug, generation, asked, counter, token), plug);
        }
        catch
        {
            plug.Dispose();
            throw;
        }
    }

    private static async Task<ShellyGeneration> FindAsync(PlugHttp plug, ShellyOptions asked, CancellationToken cancellation)
    {
        foreach (ShellyGeneration generation in new[] { ShellyGeneration.Second(asked.Channel), ShellyGeneration.First(asked.Channel) })
        {
            using JsonDocument? status = await plug.AskAsync(generation.Path, cancellation).ConfigureAwait(false);
            if (status is not null && generation.Power(status.RootElement) is not null) return generation;
        }
        throw new MeterException($"no Shelly plug that measures answers at {asked.Address}, switch {asked.Channel}",
            "Check address and channel; the plug must be reachable from the device that runs the agent, and ask for no password.");
    }

    private static async ValueTask<MeterReading> ReadAsync(PlugHttp plug, ShellyGeneration generation, ShellyOptions asked, CounterTrack counter, CancellationToken cancellation)
    {
        double before = MeterClock.Now;
        using JsonDocument? status = await plug.AskAsync(generation.Path, cancellation).ConfigureAwait(false);
        double at = (before + MeterClock.Now) / 2;
        return asked.Reading == ShellyReading.Energy
            ? counter.Advance(at, status is null ? null : generation.Energy(status.RootElement))
            : MeterReading.OfPower(at, status is null ? null : generation.Power(status.RootElement));
    }
}
