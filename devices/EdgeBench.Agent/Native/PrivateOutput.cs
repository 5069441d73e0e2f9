using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Agent.Native;

/// <summary>Standard output kept for messages alone.</summary>
internal static class PrivateOutput
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;

    /// <summary>
    /// Takes the real standard output and points file descriptor 1 at standard error, so that a native library's <c>printf</c> cannot get between
    /// two messages. Call before anything touches <see cref="Console"/>, once.
    /// </summary>
    public static FileStream Take()
    {
        SafeFileHandle handle = new(Libc.DuplicatePrivately(StandardOutput), ownsHandle: true);
        Libc.Redirect(StandardOutput, StandardError);
        return new FileStream(handle, FileAccess.Write, bufferSize: 0);
    }
}
