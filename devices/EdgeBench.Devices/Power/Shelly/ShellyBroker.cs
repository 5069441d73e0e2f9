using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Integration;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.Shelly;

/// <summary>
/// A Shelly plug of the second generation or later through its broker (the vendor's "RPC over MQTT"): asked at <c>…/rpc</c>, answering at the name that the question
/// gives with <c>/rpc</c>, and heard at <c>…/status/switch:N</c> where its status updates are on. The first generation tells its power every half minute only.
/// </summary>
internal static class ShellyBroker
{
    public static Task<IMeterSession> OpenAsync(string broker, ShellyOptions asked, CancellationToken cancellation)
    {
        string topic = PlugBroker.One(asked.Topic ?? "", "Write the plug's topic, as its page shows it under 'MQTT prefix', such as shellyplusplugs-e465b8b3a1c4.");
        string here = $"edgebench-{Guid.NewGuid():N}";
        ShellyGeneration plug = ShellyGeneration.Second(asked.Channel);
        bool counts = asked.Reading == ShellyReading.Energy;
        MeterDescription description = new(counts ? MeterKind.Energy : MeterKind.Power, EnergyBoundary.Wall,
            $"plug '{topic}' at broker {broker}, switch {asked.Channel}, {(counts ? "its counter" : "its power")}", counts ? plug.Step : null);
        CounterTrack counter = ShellyGeneration.Counter();
        MeterReading Read(double at, JsonElement? said) => counts
            ? counter.Advance(at, Status(said) is { } status ? plug.Energy(status) : null)
            : MeterReading.OfPower(at, Status(said) is { } shown ? plug.Power(shown) : null);
        string question = $$$"""{"id":1,"src":"{{{here}}}","method":"Switch.GetStatus","params":{"id":{{{asked.Channel}}}}}""";
        return PlugBroker.OpenAsync(broker, asked.Port, asked.Rate, description, new PlugTopics(($"{topic}/rpc", question), [$"{here}/rpc", $"{topic}/status/switch:{asked.Channel}"], Read), cancellation);
    }

    // An answer has it as its result; what the plug tells by itself is the status.
    private static JsonElement? Status(JsonElement? said) =>
        said is { ValueKind: JsonValueKind.Object } message && message.TryGetProperty("result", out JsonElement result) ? result : said;
}
