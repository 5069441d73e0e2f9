using EdgeBench.Devices;
using EdgeBench.Devices.Facts;

namespace EdgeBench.Agent.Trials;

/// <summary>This process's memory, in bytes, as the kernel counts it (proc(5)).</summary>
internal static class ProcessMemory
{
    /// <summary>Largest resident set so far, or null.</summary>
    public static long? PeakResident() => LocalFacts.Kilobytes(SystemRoot.Real, "proc/self/status", "VmHWM");

    /// <summary>Proportional set size now, or null. The kernel walks all page tables for it: milliseconds, so never near a timed region.</summary>
    public static long? Proportional() => LocalFacts.Kilobytes(SystemRoot.Real, "proc/self/smaps_rollup", "Pss");
}
