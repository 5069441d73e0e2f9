using System.Diagnostics;
using System.Globalization;

namespace EdgeBench.Models.Sources;

/// <summary>What a killed process left half-written beside a file (<see cref="Core.IO.AtomicFile"/> names it <c>file.process-random.partial</c>).</summary>
internal static class StalePartials
{
    /// <summary>Where processes of another machine or container share the folder, their ids say nothing; a live writer is never this quiet.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(10);

    public static void Delete(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) return;
        string prefix = $"{Path.GetFileName(path)}.";
        foreach (string partial in Directory.EnumerateFiles(folder, $"{prefix}*.partial"))
        {
            string process = Path.GetFileName(partial)[prefix.Length..].Split('-')[0];
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(partial) > s_quiet && !IsAlive(process)) File.Delete(partial);
        }
    }

    private static bool IsAlive(string process)
    {
        if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) return false;
        try
        {
            using Process found = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
