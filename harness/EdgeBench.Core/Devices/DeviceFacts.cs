namespace EdgeBench.Core.Devices;

/// <summary>What a device is, as its agent sees it.</summary>
public sealed record DeviceFacts
{
    /// <summary>Stable identity of the machine without naming its owner (hash of the machine id).</summary>
    public required string Id { get; init; }

    public required string OperatingSystem { get; init; }

    /// <summary>Kernel release.</summary>
    public required string Kernel { get; init; }

    /// <summary><c>x64</c>, <c>arm64</c>, <c>arm</c>.</summary>
    public required string Architecture { get; init; }

    public required string Processor { get; init; }

    /// <summary>Processors that the agent may use.</summary>
    public required int Cores { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>Instruction sets that matter to kernels: avx2, avx512f, avx512_vnni, asimddp …</summary>
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>Frequency governor, clock limits, virtual machine …</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    /// <summary>True under an emulator: nothing measured there is speed.</summary>
    public bool Emulated { get; init; }

    /// <summary>Changes at every boot.</summary>
    public required string BootId { get; init; }
}
