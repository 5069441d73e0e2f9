using EdgeBench.Core.Problems;

namespace EdgeBench.Core.IO;

/// <summary>Free space, asked for before a long write, so that a full disk is a message and not a half-written file.</summary>
public static class DiskSpace
{
    // What a file system needs beside a file's own bytes: blocks, directory entries, journal.
    private const long Margin = 1 << 20;

    private const int NoSpaceOnUnix = 28; // ENOSPC
    private const int QuotaOnLinux = 122; // EDQUOT
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>Throws with exit code 5 where the file system of <paramref name="folder"/> cannot take <paramref name="bytes"/> more.</summary>
    /// <param name="what">What is about to be written, for the message.</param>
    public static void Require(string folder, long bytes, string what)
    {
        string full = Path.GetFullPath(folder);
        string existing = full;
        while (!Directory.Exists(existing)) existing = Path.GetDirectoryName(existing) ?? Path.GetPathRoot(full)!;
        long free = new DriveInfo(existing).AvailableFreeSpace;
        if (bytes > free - Margin) throw Full(full, what, $"{Megabytes(bytes)} of free space there; {Megabytes(free)} are free");
    }

    /// <summary>Whether an I/O error says that the disk or the user's quota is full.</summary>
    public static bool IsFull(IOException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.HResult is NoSpaceOnUnix or QuotaOnLinux or DiskFullOnWindows;
    }

    /// <summary>The failure to throw for a disk that was found full while writing (exit code 5).</summary>
    public static DiskFullException Full(string folder, string what, string? expected = null, Exception? inner = null) => new(
        new Problem($"no room in '{folder}' for {what}", expected ?? "enough free space there",
            "Free some space, or move the cache: EDGEBENCH_CACHE for EdgeBench's own, HF_HOME for downloads."), inner);

    /// <summary>Runs <paramref name="write"/>; a disk that fills up on the way becomes <see cref="DiskFullException"/>, a folder that cannot be written exit code 2.</summary>
    public static void Guard(string folder, string what, Action write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            write();
        }
        catch (IOException exception) when (IsFull(exception))
        {
            throw Full(folder, what, null, exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new EdgeBenchException(ExitCode.BadInput,
                new Problem($"folder '{folder}': {exception.Message}", "a folder that can be written", "Set EDGEBENCH_CACHE to one."), exception);
        }
        catch (IOException exception)
        {
            throw EdgeBenchException.Infrastructure($"{what} in '{folder}': {exception.Message}", "a disk that takes the file", "Check the disk and run again.", exception);
        }
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N1} MB";
}
