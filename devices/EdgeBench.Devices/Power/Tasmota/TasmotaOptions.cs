using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Devices.Power.Tasmota;

/// <summary>Options of <c>tasmota</c>: a plug's address, or a broker and the plug's topic. The plug measures about once a second.</summary>
public sealed record TasmotaOptions : MeterOptions
{
    public TasmotaOptions() => Rate = 2;

    [Description("The plug's address, such as http://192.168.1.21; left out, it is read through 'broker'.")]
    public string? Address { get; init; }

    [Description("Host of the MQTT broker that the plug speaks to.")]
    public string? Broker { get; init; }

    [Description("Port of the broker."), Range(1, 65535)]
    public int Port { get; init; } = 1883;

    [Description("The plug's topic at the broker.")]
    public string Topic { get; init; } = "tasmota";

    [Description("Which of its channels, where it measures several."), Range(0, 7)]
    public int Channel { get; init; }
}
