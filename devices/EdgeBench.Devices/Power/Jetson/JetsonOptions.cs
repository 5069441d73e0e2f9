using System.ComponentModel;

namespace EdgeBench.Devices.Power.Jetson;

/// <summary>Options of <c>jetson</c>.</summary>
public sealed record JetsonOptions : MeterOptions
{
    [Description("Rails to add up, by label, where the board is not known here; they must not feed each other. Left out, the module's total.")]
    public IReadOnlyList<string> Rails { get; init; } = [];
}
