using System.Runtime.InteropServices;
using EdgeBench.Core.Devices;
using EdgeBench.Devices.Facts;

namespace EdgeBench.Devices.Probes;

/// <summary>
/// Memory that is much larger than the caches, written once, so that every pass over it comes from memory. On Linux the kernel is asked for large pages: the
/// peak is the memory's, not that of walking page tables.
/// </summary>
public sealed unsafe partial class ReadBuffer : IDisposable
{
    /// <summary>Times the caches of the last level: of so much at most an eighth can be left in them from the pass before, whatever they keep.</summary>
    public const int CachesOver = 8;

    private const long Smallest = 64L << 20, OfUnknownCaches = 512L << 20, LargePage = 2L << 20;

    // madvise(2), equal on x86-64 and Arm.
    private const int AdviseHugePages = 14;

    private ReadBuffer(long bytes)
    {
        Bytes = bytes;
        Address = (nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)LargePage);
        // Where the kernel has none, small pages serve.
        if (OperatingSystem.IsLinux()) _ = Advise((void*)Address, (nuint)bytes, AdviseHugePages);
        NativeMemory.Fill((void*)Address, (nuint)bytes, 1);
    }

    public nint Address { get; private set; }

    public long Bytes { get; }

    /// <summary>A buffer that suits the device's caches; null, and why, where its memory is short of twice as much.</summary>
    public static ReadBuffer? TryAllocate(SystemRoot root, DeviceFacts device, out string? why)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(device);
        long bytes = Size(CacheSizes.LastLevel(root));
        long available = Math.Min(LocalFacts.Kilobytes(root, "proc/meminfo", "MemAvailable") ?? device.MemoryBytes, device.MemoryBytes);
        why = available < 2 * bytes
            ? $"no read bandwidth: it takes {bytes >> 20} MiB ({CachesOver} times the last caches) and as much left free, and {available >> 20} MiB are available"
            : null;
        return why is null ? new ReadBuffer(bytes) : null;
    }

    /// <summary>Bytes for caches of so many; a whole number of large pages.</summary>
    internal static long Size(long? caches) =>
        caches is { } known ? (Math.Max(Smallest, known * CachesOver) + LargePage - 1) / LargePage * LargePage : OfUnknownCaches;

    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)Address);
        Address = 0;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
