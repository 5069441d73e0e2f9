using System.Runtime.InteropServices;

namespace EdgeBench.Devices.Wire;

/// <summary>Bytes of a file into a pipe without a copy: the pipe refers to the file's pages (Linux, splice(2)).</summary>
internal static partial class Splice
{
    private const int Interrupted = 4;

    /// <summary>Waits until the pipe has taken the bytes; answers how many it has, fewer where the file ends or system, file or pipe do not allow it.</summary>
    public static int Move(SafeHandle file, long offset, SafeHandle pipe, int bytes)
    {
        int done = 0;
        while (OperatingSystem.IsLinux() && done < bytes)
        {
            long from = offset + done;
            nint moved = Call(file, ref from, pipe, 0, bytes - done, 0);
            if (moved < 0 && Marshal.GetLastPInvokeError() == Interrupted) continue;
            if (moved <= 0) break;
            done += (int)moved;
        }
        return done;
    }

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    private static partial nint Call(SafeHandle from, ref long offset, SafeHandle to, nint noOffset, nint bytes, uint flags);
}
