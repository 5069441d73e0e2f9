using System.Runtime.InteropServices;
using System.Text;

namespace EdgeBench.TrialDouble;

/// <summary>Faults and output that come from native code, past everything that .NET could catch or redirect.</summary>
public static partial class NativeFaults
{
    /// <summary>Writes to an address that is not mapped, inside the C library.</summary>
    public static void SegmentationFault() => Fill(16, 1, 64);

    /// <summary>What a failed assertion of a native library does.</summary>
    public static void AbortNow() => Abort();

    /// <summary>A signal to this process, such as 9.</summary>
    public static void Signal(int signal) => _ = Kill(Environment.ProcessId, signal);

    /// <summary>Ends without a word to the runtime.</summary>
    public static void ExitNow(int code) => Exit(code);

    /// <summary>Text straight to a file descriptor.</summary>
    public static void Print(int descriptor, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _ = Write(descriptor, bytes, (nuint)bytes.Length);
    }

    [LibraryImport("libc", EntryPoint = "memset")]
    private static partial nint Fill(nint address, int value, nuint count);

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] bytes, nuint count);
}
