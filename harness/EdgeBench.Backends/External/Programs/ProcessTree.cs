using System.Globalization;

namespace EdgeBench.Backends.External.Programs;

/// <summary>A process and its descendants as the kernel shows them (proc(5)); what has ended meanwhile is left out.</summary>
internal static class ProcessTree
{
    /// <summary>The process itself first, then its descendants.</summary>
    public static IReadOnlyList<int> Of(int process)
    {
        List<int> all = [process];
        for (int i = 0; i < all.Count; i++) all.AddRange(Children(all[i]).Where(child => !all.Contains(child)));
        return all;
    }

    /// <summary>Bytes that the processes hold now, and the sum of the most that each ever held.</summary>
    public static (long Resident, long Peak) Memory(IReadOnlyList<int> processes)
    {
        long resident = 0, peak = 0;
        foreach (int process in processes)
        {
            string status = Text($"/proc/{process}/status");
            resident += Kilobytes(status, "VmRSS:");
            peak += Kilobytes(status, "VmHWM:");
        }
        return (resident, peak);
    }

    private static IEnumerable<int> Children(int process)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return threads.SelectMany(thread => Text(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int child) ? child : 0).Where(child => child > 0);
    }

    private static long Kilobytes(string status, string key)
    {
        int at = status.IndexOf(key, StringComparison.Ordinal);
        if (at < 0) return 0;
        ReadOnlySpan<char> rest = status.AsSpan(at + key.Length).TrimStart();
        int end = rest.IndexOf(' ');
        return end > 0 && long.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes * 1024 : 0;
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
