using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Emitted;

/// <summary>
/// Machine code in memory of its own: written first, then made readable and executable, never writable and executable at once. It stays until the process ends.
/// </summary>
internal static unsafe partial class ExecutableMemory
{
    private const int ProtectRead = 1, ProtectWrite = 2, ProtectExecute = 4, MapPrivate = 2, MapAnonymous = 0x20;

    private static readonly Lazy<string?> s_missing = new(Try);

    /// <summary>Null where code can be emitted, otherwise what is missing.</summary>
    public static string? Missing => s_missing.Value;

    /// <summary>Throws <see cref="PlatformNotSupportedException"/> where the system refuses.</summary>
    public static byte* Place(ReadOnlySpan<byte> code)
    {
        nint memory = Map(0, (nuint)code.Length, ProtectRead | ProtectWrite, MapPrivate | MapAnonymous, -1, 0);
        if (memory == -1) throw Refused("mmap");
        code.CopyTo(new Span<byte>((void*)memory, code.Length));
        if (Protect(memory, (nuint)code.Length, ProtectRead | ProtectExecute) == 0) return (byte*)memory;
        PlatformNotSupportedException refused = Refused("mprotect");
        _ = Unmap(memory, (nuint)code.Length);
        throw refused;
    }

    /// <summary>The kernel that is emitted calls by the System V convention and Linux's numbers, and the system may forbid new executable memory (SELinux, seccomp).</summary>
    private static string? Try()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return "Linux on x86-64";
        try
        {
            Assembler assembler = new(lanes: 8);
            assembler.Return();
            ((delegate* unmanaged<void*, void>)Place(assembler.ToArray()))(null);
            return null;
        }
        catch (PlatformNotSupportedException refused)
        {
            return $"executable memory ({refused.Message})";
        }
    }

    private static PlatformNotSupportedException Refused(string call) => new($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
