namespace EdgeBench.Devices.Probes;

/// <summary>The caches that the kernel tells of.</summary>
internal static class CacheSizes
{
    /// <summary>Bytes of all caches of the last level together, those of other sockets and core clusters included; null where the kernel does not tell.</summary>
    public static long? LastLevel(SystemRoot root)
    {
        // One cache shows below every processor that shares it.
        Dictionary<(long Level, string Sharers), long> caches = [];
        foreach (string cpu in root.Folders("sys/devices/system/cpu", "cpu"))
        {
            foreach (string cache in root.Folders($"{cpu}/cache", "index"))
            {
                if (root.Number($"{cache}/level") is { } level && Kibibytes(root.Text($"{cache}/size")) is { } kibibytes)
                    caches[(level, root.Text($"{cache}/shared_cpu_list") ?? cpu)] = kibibytes * 1024;
            }
        }
        if (caches.Count == 0) return null;
        long last = caches.Keys.Max(cache => cache.Level);
        return caches.Where(cache => cache.Key.Level == last).Sum(cache => cache.Value);
    }

    // "32768K" (sysfs-devices-system-cpu, ABI).
    private static long? Kibibytes(string? text) => text is [.., 'K'] && long.TryParse(text[..^1], out long value) && value > 0 ? value : null;
}
