using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Metrics;

namespace EdgeBench.Devices.Power.Hwmon;

/// <summary>Options of <c>hwmon</c>.</summary>
public sealed record HwmonOptions : MeterOptions
{
    [Description("Name of the chip, such as ina226; left out, the only power monitor there is.")]
    public string? Chip { get; init; }

    [Description("Its folder below /sys/class/hwmon, such as hwmon3, where several have that name.")]
    public string? Device { get; init; }

    [Description("Channel of the chip."), Range(1, 16)]
    public int Channel { get; init; } = 1;

    [Description("Where the chip is wired: board (its input) or rail.")]
    public EnergyBoundary Boundary { get; init; } = EnergyBoundary.Board;
}
