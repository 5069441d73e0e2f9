namespace EdgeBench.Core.IO;

/// <summary>
/// A lock between processes: an open, exclusive file (flock on Unix, so it ends with its process, however that dies, and is the same lock
/// that Python's filelock takes). The file itself stays: deleting it would let two holders in.
/// </summary>
public sealed class ProcessLock : IDisposable
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _held;

    private ProcessLock(FileStream held) => _held = held;

    /// <summary>The lock, or null where another process or another call holds it.</summary>
    public static ProcessLock? TryAcquire(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new ProcessLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (IOException exception) when (exception.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows)
        {
            return null;
        }
    }

    /// <summary>Waits for the lock; <paramref name="waiting"/> is called once where it is not free at once.</summary>
    public static async Task<ProcessLock> AcquireAsync(string path, Action? waiting, CancellationToken cancellation)
    {
        if (TryAcquire(path) is { } free) return free;
        waiting?.Invoke();
        while (true)
        {
            await Task.Delay(s_pause, cancellation).ConfigureAwait(false);
            if (TryAcquire(path) is { } held) return held;
        }
    }

    public void Dispose() => _held.Dispose();
}
