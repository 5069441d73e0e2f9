using EdgeBench.Core.Devices;

namespace EdgeBench.Running.Execution;

/// <summary>Whether two boards are of one kind: what decides their speed, by what their agents see.</summary>
internal static class BoardLikeness
{
    // Firmware keeps a little more or less of the same memory.
    private const double MemoryTolerance = 0.03;

    /// <summary>The first thing in which <paramref name="other"/> differs; null for boards alike.</summary>
    public static string? Difference(this DeviceFacts asked, DeviceFacts other) =>
        asked.Processor != other.Processor ? $"processor '{other.Processor}', expected '{asked.Processor}'"
        : asked.Architecture != other.Architecture ? $"architecture {other.Architecture}, expected {asked.Architecture}"
        : asked.Cores != other.Cores ? $"{other.Cores} cores, expected {asked.Cores}"
        : Math.Abs(asked.MemoryBytes - other.MemoryBytes) > MemoryTolerance * asked.MemoryBytes ? $"{other.MemoryBytes} bytes of memory, expected {asked.MemoryBytes}"
        : !asked.InstructionSets.SequenceEqual(other.InstructionSets) ? $"instruction sets {string.Join(' ', other.InstructionSets)}, expected {string.Join(' ', asked.InstructionSets)}"
        : null;
}
