using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Sources;

/// <summary>Room for large files, asked for before the first byte is written.</summary>
public static class DiskSpace
{
    private const int PosixNoSpace = 28;

    private const int WindowsDiskFull = unchecked((int)0x8007_0070);

    /// <summary>Kept free beside what is asked for, for journals and logs.</summary>
    private const long Reserve = 64 << 20;

    /// <summary>Bytes that this user may still write below <paramref name="folder"/>, which need not exist yet.</summary>
    public static long Free(string folder)
    {
        string existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent) existing = parent;
        return new DriveInfo(existing).AvailableFreeSpace;
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> (exit code 5) where <paramref name="bytes"/> more would not fit.</summary>
    public static void Require(string folder, long bytes, string what)
    {
        long free = Free(folder);
        if (free < bytes + Reserve) throw Full(folder, what, bytes, free, null);
    }

    /// <summary>Runs <paramref name="write"/>; a disk that fills up on the way becomes exit code 5, a folder that cannot be written exit code 2.</summary>
    public static void Guard(string folder, string what, Action write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            write();
        }
        catch (IOException error) when (error.HResult is PosixNoSpace or WindowsDiskFull)
        {
            throw Full(folder, what, null, null, error);
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

    private static EdgeBenchException Full(string folder, string what, long? bytes, long? free, Exception? inner) =>
        EdgeBenchException.Infrastructure(
            free is null ? $"the disk of '{folder}' is full" : $"{free} bytes are free on the disk of '{folder}'",
            bytes is null ? $"room for {what}" : $"{bytes} bytes for {what}, and {Reserve} to spare",
            "Free some space, choose a smaller model, or set EDGEBENCH_CACHE to a larger disk.", inner);
}
