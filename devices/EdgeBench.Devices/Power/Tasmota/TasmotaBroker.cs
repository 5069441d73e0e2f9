using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Sessions;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeBench.Devices.Power.Tasmota;

/// <summary>A Tasmota plug through its broker: asked by <c>cmnd/…/STATUS 8</c>, answering at <c>stat/…/STATUS8</c>, and heard at <c>tele/…/SENSOR</c>.</summary>
internal static class TasmotaBroker
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    public static async Task<IMeterSession> OpenAsync(string broker, TasmotaOptions asked, CancellationToken cancellation)
    {
        if (asked.Topic.Length == 0 || asked.Topic.AsSpan().ContainsAny('+', '#', '\0'))
            throw new MeterException($"'{asked.Topic}' is no topic of one plug", "Write the plug's topic, as its console shows it after 'Topic'.");
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        CancellationTokenSource over = new();
        Task asking = Task.CompletedTask;
        PushedSession session = new(new MeterDescription(MeterKind.Power, EnergyBoundary.Wall, $"plug '{asked.Topic}' at broker {broker}, channel {asked.Channel}"), async () =>
        {
            await over.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(false);
            client.Dispose();
            over.Dispose();
        });
        client.ApplicationMessageReceivedAsync += message =>
        {
            // What the broker kept was measured some other time.
            if (message.ApplicationMessage.Retain) return Task.CompletedTask;
            session.Push(MeterReading.OfPower(MeterClock.Now, TasmotaStatus.Watts(message.ApplicationMessage.Payload, asked.Channel)));
            return Task.CompletedTask;
        };
        client.DisconnectedAsync += _ =>
        {
            session.Complete(new MeterException($"the connection to broker {broker} ended", "Check the broker."));
            return Task.CompletedTask;
        };
        try
        {
            await ConnectAsync(client, broker, asked, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        asking = AskAsync(client, asked, over.Token);
        return session;
    }

    private static async Task ConnectAsync(IMqttClient client, string broker, TasmotaOptions asked, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        try
        {
            MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer(broker, asked.Port).WithClientId($"edgebench-{Guid.NewGuid():N}").WithCleanStart().Build();
            await client.ConnectAsync(options, limit.Token).ConfigureAwait(false);
            MqttClientSubscribeOptions topics = new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter($"stat/{asked.Topic}/STATUS8").WithTopicFilter($"tele/{asked.Topic}/SENSOR").Build();
            await client.SubscribeAsync(topics, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MqttCommunicationException or MqttProtocolViolationException or MqttConfigurationException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new MeterException($"broker {broker}:{asked.Port} does not take the connection: {exception.Message}",
                "Check host and port; the broker must be reachable from the device that runs the agent, and ask for no password.", exception);
        }
    }

    private static async Task AskAsync(IMqttClient client, TasmotaOptions asked, CancellationToken over)
    {
        try
        {
            using PeriodicTimer timer = new(TimeSpan.FromSeconds(1 / asked.Rate));
            do
            {
                await client.PublishStringAsync($"cmnd/{asked.Topic}/STATUS", "8", cancellationToken: over).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(over).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or MqttCommunicationException or MqttClientNotConnectedException)
        {
            // Ended from our side, or the connection is gone, which the session was told.
        }
    }
}
