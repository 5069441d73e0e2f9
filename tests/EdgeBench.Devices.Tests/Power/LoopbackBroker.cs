using System.Net;
using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Server;

namespace EdgeBench.Devices.Tests.Power;

/// <summary>A real MQTT broker on a port of the loopback, and a plug that answers questions through it.</summary>
internal static class LoopbackBroker
{
    public static async Task<(MqttServer Broker, int Port)> StartAsync()
    {
        int port = FreePort();
        MqttServer broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithDefaultEndpointPort(port).Build());
        await broker.StartAsync();
        return (broker, port);
    }

    /// <summary>A plug that hears questions at a topic and answers each with a topic and a text.</summary>
    public static async Task<IMqttClient> PlugAsync(int port, string heard, Func<string, (string Topic, string Text)> answer)
    {
        IMqttClient plug = new MqttClientFactory().CreateMqttClient();
        plug.ApplicationMessageReceivedAsync += async message =>
        {
            (string topic, string text) = answer(message.ApplicationMessage.ConvertPayloadToString());
            await plug.PublishStringAsync(topic, text, cancellationToken: TestContext.Current.CancellationToken);
        };
        await plug.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build(), TestContext.Current.CancellationToken);
        await plug.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(heard).Build(), TestContext.Current.CancellationToken);
        return plug;
    }

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
