using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Sessions;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.Tasmota;

/// <summary>A plug with the Tasmota firmware, over HTTP (<c>/cm?cmnd=Status 8</c>) or through its MQTT broker.</summary>
public sealed class TasmotaMeter : IPowerMeter
{
    private const string Command = "/cm?cmnd=Status%208";

    public string Name => "tasmota";

    public Type OptionsType => typeof(TasmotaOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Wall;

    public async Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        TasmotaOptions asked = MeterOptions.Of<TasmotaOptions>(options);
        if (asked.Address is null == asked.Broker is null)
            throw new MeterException("tasmota needs either 'address' or 'broker'", "Write one of them into the meter's options.");
        if (asked.Broker is { } broker) return await TasmotaBroker.OpenAsync(broker, asked, cancellation).ConfigureAwait(false);

        PlugHttp plug = new(asked.Address!);
        MeterReading first = await ReadAsync(plug, asked.Channel, cancellation).ConfigureAwait(false);
        if (first.IsUsable)
        {
            return new PolledSession(new MeterDescription(MeterKind.Power, EnergyBoundary.Wall, $"plug at {asked.Address}, channel {asked.Channel}"),
                asked.Rate, token => ReadAsync(plug, asked.Channel, token), plug);
        }
        plug.Dispose();
        throw new MeterException($"no Tasmota plug that measures answers at {asked.Address}, channel {asked.Channel}",
            "Check address and channel; the plug must be reachable from the device that runs the agent, and ask for no password.");
    }

    private static async ValueTask<MeterReading> ReadAsync(PlugHttp plug, int channel, CancellationToken cancellation)
    {
        double before = MeterClock.Now;
        using JsonDocument? status = await plug.AskAsync(Command, cancellation).ConfigureAwait(false);
        return MeterReading.OfPower((before + MeterClock.Now) / 2, status is null ? null : TasmotaStatus.Watts(status.RootElement, channel));
    }
}
