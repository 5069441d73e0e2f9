using EdgeBench.Devices;
using EdgeBench.Devices.Facts;

namespace EdgeBench.Agent.Serving;

/// <summary>Brings a file into the kernel's page cache, so that opening it is timed from memory in every trial and not only after the first.</summary>
internal static class PageCache
{
    /// <summary>Name of the trial's fact that says what was done.</summary>
    public const string Fact = "page_cache";

    private const int BlockBytes = 1 << 20;

    /// <summary>
    /// Reads the file through once. One that is larger than the available memory is left alone: its own end would push out its beginning.
    /// Returns what was done; throws <see cref="OperationCanceledException"/>.
    /// </summary>
    public static string Warm(string path, SystemRoot root, CancellationToken cancellation)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
            if (LocalFacts.Kilobytes(root, "proc/meminfo", "MemAvailable") is { } available && file.Length > available)
                return $"cold: the artifact's {file.Length} bytes exceed the {available} bytes of available memory, so load_time includes reading them";
            byte[] block = GC.AllocateUninitializedArray<byte>(BlockBytes);
            while (file.Read(block) > 0) cancellation.ThrowIfCancellationRequested();
            return "warm: the artifact was read through before the trial";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"unknown: the artifact could not be read through: {exception.Message}";
        }
    }
}
