using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeBench.Models.Files;

/// <summary>How many names a file has. Known on Linux (<c>statx</c>, glibc 2.28 or newer); elsewhere .NET gives no way to ask.</summary>
internal static partial class HardLinks
{
    private const int WorkingFolder = -100; // AT_FDCWD
    private const uint LinkCount = 4; // STATX_NLINK
    private const int LinkCountOffset = 16; // struct statx, stx_nlink

    /// <summary>Null where the system does not say.</summary>
    public static int? Count(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            Span<byte> facts = stackalloc byte[256];
            return StatX(WorkingFolder, path, 0, LinkCount, ref MemoryMarshal.GetReference(facts)) == 0
                ? BinaryPrimitives.ReadInt32LittleEndian(facts[LinkCountOffset..])
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte facts);
}
