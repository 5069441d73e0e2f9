using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Packed;

/// <summary>
/// Zeroed memory for weights. Large pieces ask Linux for pages of 2 MiB, which spares most address translations: a product of one activation reads every
/// byte once, and hardware prefetching ends at a page.
/// </summary>
internal static unsafe partial class WeightMemory
{
    private const nuint LineBytes = 64, LargePageBytes = 2 << 20;

    private const int AdviseLargePages = 14;

    public static byte* Allocate(nuint bytes)
    {
        bool isLarge = bytes >= LargePageBytes && OperatingSystem.IsLinux();
        byte* data = (byte*)NativeMemory.AlignedAlloc(bytes, isLarge ? LargePageBytes : LineBytes);
        // Only advice: where it is not taken, pages are small.
        if (isLarge) _ = Advise(data, bytes, AdviseLargePages);
        NativeMemory.Clear(data, bytes);
        return data;
    }

    public static void Free(byte* data) => NativeMemory.AlignedFree(data);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
