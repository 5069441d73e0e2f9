using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Metrics;

namespace EdgeBench.Devices.Power.Scpi;

/// <summary>Options of <c>scpi</c>. Only questions are ever sent: a supply is read, never set.</summary>
public sealed record ScpiOptions : MeterOptions
{
    [Description("The instrument's host.")]
    public required string Host { get; init; }

    [Description("Its raw SCPI port."), Range(1, 65535)]
    public int Port { get; init; } = 5025;

    [Description("Question that answers power in W, such as MEAS:POW?; left out, voltage times current.")]
    public string? PowerQuery { get; init; }

    [Description("Question that answers voltage in V, such as MEAS:VOLT? CH1.")]
    public string VoltageQuery { get; init; } = "MEAS:VOLT?";

    [Description("Question that answers current in A, such as MEAS:CURR? CH1.")]
    public string CurrentQuery { get; init; } = "MEAS:CURR?";

    [Description("What the supply feeds: board (its input) or rail.")]
    public EnergyBoundary Boundary { get; init; } = EnergyBoundary.Board;
}
