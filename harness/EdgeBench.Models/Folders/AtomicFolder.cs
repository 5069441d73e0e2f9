using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Folders;

/// <summary>Folders that are either whole or absent: filled beside their place, then renamed.</summary>
internal static class AtomicFolder
{
    /// <summary>
    /// Fills through <paramref name="fill"/>; on any exception nothing stays. An existing folder is replaced with <paramref name="force"/> only, and only where
    /// it is empty or a model's. Throws <see cref="EdgeBenchException"/>.
    /// </summary>
    public static void Write(string path, bool force, Action<string> fill) => Write(path, force, ConfigFile.Name, fill);

    /// <summary>The same for folders that <paramref name="mark"/>, a file's name, tells from others.</summary>
    public static void Write(string path, bool force, string mark, Action<string> fill)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Check(full, force, mark);
        string temporary = $"{full}.{Environment.ProcessId}-{Guid.NewGuid():N}.partial", old = $"{temporary}.old";
        try
        {
            DiskSpace.Guard(Path.GetDirectoryName(full)!, $"'{Path.GetFileName(full)}'", () =>
            {
                Directory.CreateDirectory(temporary);
                fill(temporary);
                if (Directory.Exists(full)) Directory.Move(full, old);
                Directory.Move(temporary, full);
            });
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            if (Directory.Exists(old) && !Directory.Exists(full)) Directory.Move(old, full);
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
        }
    }

    private static void Check(string full, bool force, string mark)
    {
        if (File.Exists(full)) throw EdgeBenchException.BadInput($"'{full}' is a file", "a new folder", "Choose another path.");
        if (!Directory.Exists(full)) return;
        if (!force) throw EdgeBenchException.BadInput($"folder '{full}' exists", "a new folder", "Choose another path, or replace it with --force.");
        if (Directory.EnumerateFileSystemEntries(full).Any() && !File.Exists(Path.Combine(full, mark)))
            throw EdgeBenchException.BadInput($"folder '{full}' holds files and no {mark}", mark == ConfigFile.Name ? "an empty folder or a model's" : "an empty folder or an adapter's", "It is not replaced even with --force: choose another path.");
    }
}
