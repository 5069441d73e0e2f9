using EdgeBench.Core.Problems;

namespace EdgeBench.Core.IO;

/// <summary>Room for large files, asked for before the first byte is written, so that a full disk is a message and not half a file.</summary>
public static class DiskSpace
{
    /// <summary>Kept free beside what is asked for, for journals and logs.</summary>
    private const long Reserve = 64 << 20;

    private const int NoSpaceOnUnix = 28; // ENOSPC
    private const int QuotaOnLinux = 122; // EDQUOT
    private const int DiskFullOnWindows = unchecked((int)0x8007_0070);

    /// <summary>Bytes that this user may still write below <paramref name="folder"/>, which need not exist yet.</summary>
    public static long Free(string folder)
    {
        string existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent) existing = parent;
        return new DriveInfo(existing).AvailableFreeSpace;
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> (exit code 5) where <paramref name="bytes"/> more would not fit.</summary>
    /// <param name="what">What is about to be written, for the message.</param>
    public static void Require(string folder, long bytes, string what)
    {
        long free = Free(folder);
        if (bytes > free - Reserve) throw Failure(folder, what, $"{Megabytes(bytes)} free there and {Megabytes(Reserve)} to spare; {Megabytes(free)} are free", null);
    }

    /// <summary>Runs <paramref name="write"/>; a disk that fills up on the way becomes exit code 5, a folder that cannot be written exit code 2.</summary>
    public static void Guard(string folder, string what, Action write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            write();
        }
        catch (IOException error) when (IsFull(error))
        {
            throw Full(folder, what, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new EdgeBenchException(ExitCode.BadInput,
                new Problem($"folder '{folder}': {error.Message}", "a folder that can be written", "Set EDGEBENCH_CACHE to one."), error);
        }
        catch (IOException error)
        {
            throw EdgeBenchException.Infrastructure($"{what} in '{folder}': {error.Message}", "a disk that takes the file", "Check the disk and run again.", error);
        }
    }

    /// <summary>Whether an I/O error says that the disk or the user's quota is full.</summary>
    public static bool IsFull(IOException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.HResult is NoSpaceOnUnix or QuotaOnLinux or DiskFullOnWindows;
    }

    /// <summary>The failure to throw for a disk that was found full while writing (exit code 5).</summary>
    public static EdgeBenchException Full(string folder, string what, Exception? inner) => Failure(folder, what, "enough free space there", inner);

    private static EdgeBenchException Failure(string folder, string what, string expected, Exception? inner) =>
        EdgeBenchException.Infrastructure(
            $"the disk of '{folder}' has no room for {what}", expected,
            "Free some space, choose a smaller model, or move the cache to a larger disk: EDGEBENCH_CACHE for EdgeBench's own, HF_HOME for downloads.", inner);

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N1} MB";
}
