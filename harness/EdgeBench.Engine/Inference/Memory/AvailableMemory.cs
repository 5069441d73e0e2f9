using System.Globalization;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;

namespace EdgeBench.Engine.Inference.Memory;

/// <summary>What this process may still allocate, asked before large allocations: a refusal is better than a killed process.</summary>
public static class AvailableMemory
{
    /// <summary>Bytes: the smaller of what the system could give (<c>MemAvailable</c>) and what a limit on this process leaves; null where neither is told.</summary>
    public static long? Bytes()
    {
        long? system = MemAvailable();
        GCMemoryInfo limits = GC.GetGCMemoryInfo();
        long? left = limits.TotalAvailableMemoryBytes > 0 ? limits.TotalAvailableMemoryBytes - Environment.WorkingSet : null;
        return system is { } a && left is { } b ? Math.Min(a, b) : system ?? left;
    }

    /// <summary>Throws <see cref="TrialException"/> (out of memory) where <paramref name="bytes"/> are more than there is.</summary>
    /// <param name="what">Such as <c>weights 640 MB, key/value cache 12 MB</c>.</param>
    public static void Require(long bytes, string what, long? available)
    {
        if (available is not { } there || bytes <= there) return;
        throw new TrialException(FailureKind.OutOfMemory, $"The model needs {Megabytes(bytes)} ({what}); {Megabytes(Math.Max(0, there))} are available",
            "Use a smaller model, a recipe with fewer bits, a shorter context or a smaller 'kv_type', or free memory.");
    }

    internal static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");

    private static long? MemAvailable()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
            {
                if (line.StartsWith("MemAvailable:", StringComparison.Ordinal) && long.TryParse(line.AsSpan(13).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture, out long kilobytes))
                    return kilobytes * 1024;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or hidden: the limit on the process is all there is to know.
        }
        return null;
    }
}
