using System.Buffers;
using System.Text.Json;
using EdgeBench.Devices.Power.Sessions;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeBench.Devices.Power.Tools;

/// <summary>How one plug is read through its broker.</summary>
/// <param name="Question">Topic and text that ask it for a reading.</param>
/// <param name="Answers">Topics at which it answers, and tells by itself.</param>
/// <param name="Read">A reading from what arrived at a time; null stands for what is no JSON.</param>
internal sealed record PlugTopics((string Topic, string Text) Question, IReadOnlyList<string> Answers, Func<double, JsonElement?, MeterReading> Read);

/// <summary>Asks a plug through an MQTT broker, at a rate, and takes what it tells by itself too; messages of at most 64 KB.</summary>
internal static class PlugBroker
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Throws <see cref="MeterException"/> where the broker does not take the connection.</summary>
    public static async Task<IMeterSession> OpenAsync(string host, int port, double rate, MeterDescription description, PlugTopics plug, CancellationToken cancellation)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        CancellationTokenSource over = new();
        Task asking = Task.CompletedTask;
        PushedSession session = new(description, async () =>
        {
            await over.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(false);
            client.Dispose();
            over.Dispose();
        });
        client.ApplicationMessageReceivedAsync += message =>
        {
            // What the broker kept was measured some other time.
            if (!message.ApplicationMessage.Retain) session.Push(Reading(plug, message.ApplicationMessage.Payload));
            return Task.CompletedTask;
        };
        client.DisconnectedAsync += _ =>
        {
            session.Complete(new MeterException($"the connection to broker {host} ended", "Check the broker."));
            return Task.CompletedTask;
        };
        try
        {
            await ConnectAsync(client, host, port, plug, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        asking = AskAsync(client, plug, rate, over.Token);
        return session;
    }

    /// <summary>The topic where it is one plug's. Throws <see cref="MeterException"/>.</summary>
    public static string One(string topic, string remedy) => topic.Length > 0 && !topic.AsSpan().ContainsAny('+', '#', '\0')
        ? topic
        : throw new MeterException($"'{topic}' is no topic of one plug", remedy);

    private static MeterReading Reading(PlugTopics plug, ReadOnlySequence<byte> payload)
    {
        double now = MeterClock.Now;
        if (payload.Length > MaxBytes) return plug.Read(now, null);
        try
        {
            using JsonDocument json = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 16 });
            return plug.Read(now, json.RootElement);
        }
        catch (JsonException)
        {
            return plug.Read(now, null);
        }
    }

    private static async Task ConnectAsync(IMqttClient client, string host, int port, PlugTopics plug, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        try
        {
            MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer(host, port).WithClientId($"edgebench-{Guid.NewGuid():N}").WithCleanStart().Build();
            await client.ConnectAsync(options, limit.Token).ConfigureAwait(false);
            MqttClientSubscribeOptionsBuilder topics = new();
            foreach (string topic in plug.Answers) topics.WithTopicFilter(topic);
            await client.SubscribeAsync(topics.Build(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MqttCommunicationException or MqttProtocolViolationException or MqttConfigurationException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new MeterException($"broker {host}:{port} does not take the connection: {exception.Message}",
                "Check host and port; the broker must be reachable from the device that runs the agent, and ask for no password.", exception);
        }
    }

    private static async Task AskAsync(IMqttClient client, PlugTopics plug, double rate, CancellationToken over)
    {
        try
        {
            using PeriodicTimer timer = new(TimeSpan.FromSeconds(1 / rate));
            do
            {
                await client.PublishStringAsync(plug.Question.Topic, plug.Question.Text, cancellationToken: over).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(over).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or MqttCommunicationException or MqttClientNotConnectedException)
        {
            // Ended from our side, or the connection is gone, which the session was told.
        }
    }
}
