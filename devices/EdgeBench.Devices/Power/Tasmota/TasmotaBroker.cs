using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.Tasmota;

/// <summary>A Tasmota plug through its broker: asked by <c>cmnd/…/STATUS 8</c>, answering at <c>stat/…/STATUS8</c>, and heard at <c>tele/…/SENSOR</c>.</summary>
internal static class TasmotaBroker
{
    public static Task<IMeterSession> OpenAsync(string broker, TasmotaOptions asked, CancellationToken cancellation)
    {
        string topic = PlugBroker.One(asked.Topic, "Write the plug's topic, as its console shows it after 'Topic'.");
        MeterDescription description = new(MeterKind.Power, EnergyBoundary.Wall, $"plug '{topic}' at broker {broker}, channel {asked.Channel}");
        PlugTopics plug = new(($"cmnd/{topic}/STATUS", "8"), [$"stat/{topic}/STATUS8", $"tele/{topic}/SENSOR"],
            (at, said) => MeterReading.OfPower(at, said is { } message ? TasmotaStatus.Watts(message, asked.Channel) : null));
        return PlugBroker.OpenAsync(broker, asked.Port, asked.Rate, description, plug, cancellation);
    }
}
