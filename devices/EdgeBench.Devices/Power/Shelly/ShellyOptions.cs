using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Devices.Power.Shelly;

/// <summary>Options of <c>shelly</c>: a plug's address, or a broker and the plug's topic. The plug measures about once a second: it is not asked more often.</summary>
public sealed record ShellyOptions : MeterOptions
{
    public ShellyOptions() => Rate = 2;

    [Description("The plug's address, such as http://192.168.1.20; left out, it is read through 'broker'.")]
    public string? Address { get; init; }

    [Description("Host of the MQTT broker that a plug of the second generation or later speaks to.")]
    public string? Broker { get; init; }

    [Description("Port of the broker."), Range(1, 65535)]
    public int Port { get; init; } = 1883;

    [Description("The plug's topic at the broker: its MQTT prefix.")]
    public string? Topic { get; init; }

    [Description("Which of its switches."), Range(0, 15)]
    public int Channel { get; init; }

    [Description("power: what it draws now; energy: its counter, for windows of many minutes (it moves once a minute).")]
    public ShellyReading Reading { get; init; }
}

/// <summary>What is read of a plug.</summary>
public enum ShellyReading
{
    Power,
    Energy,
}
