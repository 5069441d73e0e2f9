using System.Runtime.InteropServices;
using System.Text;

namespace EdgeBench.TrialDouble;

/// <summary>Faults and output that come from native code, past everything that .NET could catch or redirect.</summary>
public static partial class NativeFaults
{
    /// <summary>Writes to an address that is not mapped, inside the C library.</summary>
    public static void SegmentationFault() => Fill(16, 1, 64);

    /// <summary>Runs what no processor knows: what a library built for a newer one does.</summary>
    public static unsafe void IllegalInstruction()
    {
        const int ReadWriteExecute = 7, PrivateAnonymous = 0x22;
        byte* page = (byte*)Map(0, 4096, ReadWriteExecute, PrivateAnonymous, -1, 0);
        // x86: ud2. Arm: the zeros of a fresh page are udf.
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) (page[0], page[1]) = (0x0f, 0x0b);
        ((delegate* unmanaged<void>)page)();
    }

    /// <summary>What a failed assertion of a native library does.</summary>
    public static void AbortNow() => Abort();

    /// <summary>A signal to this process, such as 9.</summary>
    public static void Signal(int signal) => _ = Kill(Environment.ProcessId, signal);

    /// <summary>Ends without a word to the runtime.</summary>
    public static void ExitNow(int code) => Exit(code);

    /// <summary>Text straight to a file descriptor.</summary>
    public static void Print(int descriptor, string text) => Print(descriptor, Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes straight to a file descriptor.</summary>
    public static void Print(int descriptor, byte[] bytes) => _ = Write(descriptor, bytes, (nuint)bytes.Length);

    [LibraryImport("libc", EntryPoint = "memset")]
    private static partial nint Fill(nint address, int value, nuint count);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] bytes, nuint count);
}
