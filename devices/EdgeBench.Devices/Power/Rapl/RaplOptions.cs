using System.ComponentModel;

namespace EdgeBench.Devices.Power.Rapl;

/// <summary>Options of <c>rapl</c>.</summary>
public sealed record RaplOptions : MeterOptions
{
    [Description("package: all processor packages together; psys: the platform, where the board's maker wired it.")]
    public RaplDomain Domain { get; init; } = RaplDomain.Package;
}

/// <summary>Which of RAPL's top-level domains.</summary>
public enum RaplDomain
{
    Package,
    Psys,
}
