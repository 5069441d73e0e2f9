using System.Diagnostics;

namespace EdgeBench.Remote.Tests.Faults;

/// <summary>What runs on a device of a run, told from everything else by the device's folder in its environment.</summary>
internal static class DeviceProcesses
{
    public static IReadOnlyList<int> Of(string folder)
    {
        string mark = $"EDGEBENCH_CACHE={folder}";
        List<int> found = [];
        foreach (string place in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(place), out int id) && Read(id, "environ").Split('\0').Contains(mark) && !Device.IsGone(id)) found.Add(id);
        }
        return found;
    }

    /// <summary>Number, command line and state, for a message.</summary>
    public static string Describe(int process) => $"{process} ({Read(process, "cmdline").Replace('\0', ' ').Trim()})";

    public static void Kill(int process)
    {
        try
        {
            using Process target = Process.GetProcessById(process);
            target.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    /// <summary>Seconds until all of them are gone; null where that takes longer than the limit.</summary>
    public static async Task<double?> GoneAsync(IReadOnlyList<int> processes, double limit)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!processes.All(Device.IsGone))
        {
            if (watch.Elapsed.TotalSeconds > limit) return null;
            await Task.Delay(20);
        }
        return watch.Elapsed.TotalSeconds;
    }

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
