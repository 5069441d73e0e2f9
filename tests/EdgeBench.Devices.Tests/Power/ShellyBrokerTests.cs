using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;
using MQTTnet;
using MQTTnet.Server;

namespace EdgeBench.Devices.Tests.Power;

/// <summary>A plug of the second generation behind a real broker on loopback.</summary>
public class ShellyBrokerTests
{
    private const string Status = """{"id":0,"source":"init","output":true,"apower":8.9,"voltage":237.5,"aenergy":{"total":6.532}}""";

    [Fact]
    public async Task A_plug_is_asked_through_its_broker_and_answers_whoever_asked()
    {
        (MqttServer broker, int port) = await LoopbackBroker.StartAsync();
        using (broker)
        {
            using IMqttClient plug = await PlugAsync(port, () => Status);
            await using IMeterSession session = await OpenAsync(port, "\"rate\": 20");
            Assert.Equal((EnergyBoundary.Wall, MeterKind.Power, "plug 'desk' at broker 127.0.0.1, switch 0, its power"),
                (session.Description.Boundary, session.Description.Kind, session.Description.Source));
            Assert.All(await Meters.TakeAsync(session, 3), reading => Assert.Equal((8.9, ReadingFlaw.None), (reading.Value, reading.Flaw)));
        }
    }

    [Fact]
    public async Task Its_counter_is_joules_since_the_first_reading()
    {
        (MqttServer broker, int port) = await LoopbackBroker.StartAsync();
        using (broker)
        {
            int asked = 0;
            using IMqttClient plug = await PlugAsync(port, () => Interlocked.Increment(ref asked) == 1 ? Status : Status.Replace("6.532", "6.542", StringComparison.Ordinal));
            await using IMeterSession session = await OpenAsync(port, "\"rate\": 20, \"reading\": \"energy\"");
            Assert.Equal(MeterKind.Energy, session.Description.Kind);
            // 0.01 Wh.
            Assert.Equal(36, (await Meters.TakeAsync(session, 3))[^1].Value, 6);
        }
    }

    [Fact]
    public async Task What_it_tells_by_itself_counts_too_and_nonsense_is_a_flaw()
    {
        (MqttServer broker, int port) = await LoopbackBroker.StartAsync();
        using (broker)
        {
            using IMqttClient plug = await PlugAsync(port, () => "[1]");
            await using IMeterSession session = await OpenAsync(port, "\"rate\": 0.1");
            Assert.Equal(ReadingFlaw.Unreadable, (await Meters.TakeAsync(session, 1))[0].Flaw);
            await plug.PublishStringAsync("desk/status/switch:0", Status, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(8.9, (await Meters.TakeAsync(session, 1))[0].Value);
            // A method that fails answers with an error and no result.
            await plug.PublishStringAsync("desk/status/switch:0", """{"id":1,"error":{"code":-105,"message":"bad id"}}""", cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(ReadingFlaw.Unreadable, (await Meters.TakeAsync(session, 1))[0].Flaw);
        }
    }

    [Theory]
    [InlineData("""{"broker": "127.0.0.1"}""", "is no topic of one plug")]
    [InlineData("""{"broker": "127.0.0.1", "topic": "#"}""", "is no topic of one plug")]
    [InlineData("{}", "either 'address' or 'broker'")]
    [InlineData("""{"broker": "127.0.0.1", "address": "http://127.0.0.1:1"}""", "either 'address' or 'broker'")]
    public async Task One_way_to_one_plug_is_asked_for(string options, string words) =>
        Assert.Contains(words, await Meters.RefusalAsync("shelly", SystemRoot.Real, options), StringComparison.Ordinal);

    private static Task<IMeterSession> OpenAsync(int port, string options) =>
        Meters.OpenAsync("shelly", SystemRoot.Real, $$"""{"broker": "127.0.0.1", "port": {{port}}, "topic": "desk", {{options}}}""");

    private static Task<IMqttClient> PlugAsync(int port, Func<string> result) => LoopbackBroker.PlugAsync(port, "desk/rpc", question =>
    {
        JsonElement asked = JsonDocument.Parse(question).RootElement;
        Assert.Equal(("Switch.GetStatus", 0), (asked.GetProperty("method").GetString(), asked.GetProperty("params").GetProperty("id").GetInt32()));
        return ($"{asked.GetProperty("src").GetString()}/rpc", $$"""{"id":1,"src":"desk","dst":"{{asked.GetProperty("src").GetString()}}","result":{{result()}}}""");
    });
}
