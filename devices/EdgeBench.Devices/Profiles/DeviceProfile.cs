using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Devices.Profiles;

/// <summary>What kind of thing a profile describes.</summary>
public enum ProfileKind
{
    /// <summary>A computer that runs an agent.</summary>
    Board,

    /// <summary>Something plugged into a computer that runs the agent.</summary>
    Accelerator,

    /// <summary>Any machine of an architecture: its figures are read from the machine.</summary>
    Host,
}

/// <summary>
/// What is known of a kind of device from its vendor's documents. What is not known is absent. Users' device files inherit from it by name.
/// </summary>
public sealed record DeviceProfile
{
    [Description("Name for people.")]
    public required string Title { get; init; }

    [Description("board, accelerator or host.")]
    public required ProfileKind Kind { get; init; }

    [Description("Instruction set architecture of the agent's program; absent for an accelerator."), AllowedValues("x64", "arm64", "arm")]
    public string? Architecture { get; init; }

    [Description("What a reader must know beside the figures.")]
    public string? Note { get; init; }

    [Description("Application processors, one entry for each kind of core.")]
    public IReadOnlyList<CoreProfile> Cores { get; init; } = [];

    [Description("Peak rates of all application processors together.")]
    public IReadOnlyList<PeakRate> Peaks { get; init; } = [];

    [Description("Graphics processors, tensor and vision processors, programmable logic.")]
    public IReadOnlyList<AcceleratorProfile> Accelerators { get; init; } = [];

    [Description("Main memory.")]
    public MemoryProfile? Memory { get; init; }

    [Description("Power modes that the vendor's tools switch between.")]
    public IReadOnlyList<PowerMode> PowerModes { get; init; } = [];

    [Description("What can be read of power, heat and clocks.")]
    public IReadOnlyList<SensorProfile> Sensors { get; init; } = [];

    [Description("Runtimes that it can use.")]
    public IReadOnlyList<RuntimeProfile> Runtimes { get; init; } = [];
}

/// <summary>Cores of one kind.</summary>
public sealed record CoreProfile
{
    [Description("Name of the core, such as Cortex-A76.")]
    public required string Name { get; init; }

    [Description("How many of them.")]
    public required Figure Count { get; init; }

    [Description("Largest clock in MHz.")]
    public Figure? ClockMhz { get; init; }

    [Description("Instruction sets that matter to kernels, as the Linux kernel spells them.")]
    public IReadOnlyList<string> InstructionSets { get; init; } = [];
}

/// <summary>A peak rate of arithmetic; a multiplication and an addition count as two operations.</summary>
public sealed record PeakRate
{
    [Description("Precision of the operands."), AllowedValues("f32", "f16", "bf16", "int8", "int4")]
    public required string Precision { get; init; }

    [Description("10^9 operations a second.")]
    public required Figure Gops { get; init; }

    [Description("Such as 'with 2:4 structured sparsity'.")]
    public string? Note { get; init; }
}

/// <summary>A processor beside the application cores.</summary>
public sealed record AcceleratorProfile
{
    [Description("Name of the accelerator.")]
    public required string Name { get; init; }

    [Description("gpu, tensor, vision or logic."), AllowedValues("gpu", "tensor", "vision", "logic")]
    public required string Kind { get; init; }

    [Description("How it is reached, such as USB 3.0.")]
    public string? Interface { get; init; }

    [Description("Execution units, as the vendor counts them.")]
    public Figure? Units { get; init; }

    [Description("Largest clock in MHz.")]
    public Figure? ClockMhz { get; init; }

    [Description("Peak rates.")]
    public IReadOnlyList<PeakRate> Peaks { get; init; } = [];

    [Description("What it cannot do, or what it needs.")]
    public string? Note { get; init; }
}

/// <summary>Main memory.</summary>
public sealed record MemoryProfile
{
    [Description("Such as LPDDR4X-4267.")]
    public required string Type { get; init; }

    [Description("Sizes that it is sold with, in GiB.")]
    public IReadOnlyList<Figure> SizesGib { get; init; } = [];

    [Description("Peak bandwidth in 10^9 bytes a second.")]
    public Figure? BandwidthGbS { get; init; }
}

/// <summary>A power mode of the vendor.</summary>
public sealed record PowerMode
{
    [Description("Name that the vendor's tool shows.")]
    public required string Name { get; init; }

    [Description("Power budget in W; absent where the mode has none.")]
    public Figure? Watts { get; init; }
}

/// <summary>Something that can be read.</summary>
public sealed record SensorProfile
{
    [Description("What it reads."), AllowedValues("temperature", "clock", "throttling", "power", "power-mode")]
    public required string Reads { get; init; }

    [Description("File below /sys, or command.")]
    public required string By { get; init; }

    [Description("What it sees and what it does not.")]
    public string? Note { get; init; }
}

/// <summary>A runtime that the device can use.</summary>
public sealed record RuntimeProfile
{
    [Description("Name of the runtime.")]
    public required string Name { get; init; }

    [Description("Backend type in bench.yaml that drives it.")]
    public required string Backend { get; init; }

    [Description("What it runs on, or what it needs.")]
    public string? Note { get; init; }
}
