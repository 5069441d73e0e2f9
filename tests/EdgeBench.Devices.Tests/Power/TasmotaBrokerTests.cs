using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power;
using MQTTnet;
using MQTTnet.Server;

namespace EdgeBench.Devices.Tests.Power;

/// <summary>A real broker on loopback, and a plug that answers through it.</summary>
public class TasmotaBrokerTests
{
    private const string Answer = """{"StatusSNS":{"Time":"2024-05-01T12:00:00","ENERGY":{"Total":25.303,"Power":17.25,"Voltage":234}}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plug_is_asked_through_its_broker()
    {
        (MqttServer broker, int port) = await LoopbackBroker.StartAsync();
        using (broker)
        {
            using IMqttClient plug = await PlugAsync(port, _ => Answer);
            await using IMeterSession session = await Meters.OpenAsync("tasmota", SystemRoot.Real, $$"""{"broker": "127.0.0.1", "port": {{port}}, "topic": "desk", "rate": 20}""");
            Assert.Equal((EnergyBoundary.Wall, $"plug 'desk' at broker 127.0.0.1, channel 0"), (session.Description.Boundary, session.Description.Source));
            Assert.All(await Meters.TakeAsync(session, 3), reading => Assert.Equal((17.25, ReadingFlaw.None), (reading.Value, reading.Flaw)));
        }
    }

    [Fact]
    public async Task Telemetry_counts_too_and_nonsense_is_a_flaw()
    {
        (MqttServer broker, int port) = await LoopbackBroker.StartAsync();
        using (broker)
        {
            using IMqttClient plug = await PlugAsync(port, _ => "garbage");
            await using IMeterSession session = await Meters.OpenAsync("tasmota", SystemRoot.Real, $$"""{"broker": "127.0.0.1", "port": {{port}}, "topic": "desk", "rate": 0.1}""");
            Assert.Equal(ReadingFlaw.Unreadable, (await Meters.TakeAsync(session, 1))[0].Flaw);
            await plug.PublishStringAsync("tele/desk/SENSOR", """{"Time":"x","ENERGY":{"Power":9}}""", cancellationToken: Cancellation);
            Assert.Equal(9, (await Meters.TakeAsync(session, 1))[0].Value);
        }
    }

    [Fact]
    public async Task What_the_broker_kept_from_another_time_is_not_read()
    {
        (MqttServer broker, int port) = await LoopbackBroker.StartAsync();
        using (broker)
        {
            using IMqttClient plug = await PlugAsync(port, _ => Answer);
            // Acknowledged, so that the broker has it before anybody subscribes.
            await plug.PublishStringAsync("tele/desk/SENSOR", """{"ENERGY":{"Power":999}}""", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, retain: true, cancellationToken: Cancellation);
            await using IMeterSession session = await Meters.OpenAsync("tasmota", SystemRoot.Real, $$"""{"broker": "127.0.0.1", "port": {{port}}, "topic": "desk", "rate": 20}""");
            Assert.All(await Meters.TakeAsync(session, 3), reading => Assert.Equal(17.25, reading.Value));
        }
    }

    [Fact]
    public async Task A_broker_that_goes_away_ends_the_session_with_a_reason()
    {
        (MqttServer broker, int port) = await LoopbackBroker.StartAsync();
        using (broker)
        {
            await using IMeterSession session = await Meters.OpenAsync("tasmota", SystemRoot.Real, $$"""{"broker": "127.0.0.1", "port": {{port}}}""");
            await broker.StopAsync();
            MeterException end = await Assert.ThrowsAsync<MeterException>(() => Meters.TakeAsync(session, 1));
            Assert.Contains("the connection to broker 127.0.0.1 ended", end.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_broker_and_no_single_topic_are_refused()
    {
        Assert.Contains("does not take the connection", await Meters.RefusalAsync("tasmota", SystemRoot.Real, $$"""{"broker": "127.0.0.1", "port": {{LoopbackBroker.FreePort()}}}"""), StringComparison.Ordinal);
        Assert.Contains("is no topic", await Meters.RefusalAsync("tasmota", SystemRoot.Real, """{"broker": "127.0.0.1", "topic": "+"}"""), StringComparison.Ordinal);
    }

    private static Task<IMqttClient> PlugAsync(int port, Func<string, string> answer) =>
        LoopbackBroker.PlugAsync(port, "cmnd/desk/STATUS", question =>
        {
            Assert.Equal("8", question);
            return ("stat/desk/STATUS8", answer(question));
        });
}
