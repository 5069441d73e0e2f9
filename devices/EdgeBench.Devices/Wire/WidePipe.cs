using System.Runtime.InteropServices;

namespace EdgeBench.Devices.Wire;

/// <summary>
/// Room for a block in a pipe, where the system gives 64 KiB: both ends then work in longer stretches, and wake one another less often. Linux alone knows it, and
/// refuses where the user's pipes hold much already; the pipe then stays as it is.
/// </summary>
public static partial class WidePipe
{
    // Constant of the kernel's header fcntl.h, equal on x86-64 and Arm. What users may have, unless the system's own setting says otherwise.
    private const int SetPipeSize = 1031;
    private const int Bytes = 1 << 20;

    /// <summary>Widens what may be a pipe.</summary>
    public static void Try(SafeHandle pipe)
    {
        if (OperatingSystem.IsLinux()) _ = Control(pipe, SetPipeSize, Bytes);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeHandle descriptor, int command, nint argument);
}
