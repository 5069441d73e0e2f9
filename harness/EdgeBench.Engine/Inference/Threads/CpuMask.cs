using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeBench.Engine.Inference.Threads;

/// <summary>Processors that a thread may run on (Linux <c>cpu_set_t</c> of 1,024 bits).</summary>
internal sealed unsafe partial class CpuMask
{
    private const int Words = 1024 / 64;

    private readonly ulong[] _words = new ulong[Words];

    /// <summary>The calling thread's, or null where the system does not tell.</summary>
    public static CpuMask? OfThisThread()
    {
        if (!OperatingSystem.IsLinux()) return null;
        CpuMask mask = new();
        fixed (ulong* words = mask._words)
            return GetAffinity(0, Words * sizeof(ulong), words) == 0 ? mask : null;
    }

    public static CpuMask Of(int cpu)
    {
        CpuMask mask = new();
        mask._words[cpu / 64] = 1UL << (cpu % 64);
        return mask;
    }

    public int[] Cpus() => [.. Enumerable.Range(0, Words * 64).Where(cpu => (_words[cpu / 64] >> (cpu % 64) & 1) != 0)];

    /// <summary>Binds the calling thread; why that failed, or null.</summary>
    public string? Apply()
    {
        fixed (ulong* words = _words)
        {
            return SetAffinity(0, Words * sizeof(ulong), words) == 0 ? null
                : $"the system refused a mask of {_words.Sum(word => BitOperations.PopCount(word))} processors: error {Marshal.GetLastPInvokeError()}";
        }
    }

    // Process 0 is the calling thread.
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int process, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int process, nuint bytes, ulong* mask);
}
