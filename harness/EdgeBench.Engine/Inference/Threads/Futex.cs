using System.Runtime.InteropServices;

namespace EdgeBench.Engine.Inference.Threads;

/// <summary>Linux's wait on a number in memory: a thread sleeps without an object of the runtime, so that parking allocates nothing. Source: <c>man 2 futex</c>.</summary>
internal static unsafe partial class Futex
{
    private const int WaitPrivate = 128, WakePrivate = 129;

    // The system call's number; 0 where it is not known.
    private static readonly nint s_call = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        Architecture.Arm => 240,
        _ => 0,
    };

    public static bool IsSupported => s_call != 0;

    /// <summary>Sleeps while the number is <paramref name="seen"/>; may return early.</summary>
    public static void Wait(int* number, int seen) => _ = Call(s_call, number, WaitPrivate, seen, 0, 0, 0);

    public static void WakeAll(int* number) => _ = Call(s_call, number, WakePrivate, int.MaxValue, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint call, int* number, nint operation, nint value, nint timeout, nint second, nint third);
}
