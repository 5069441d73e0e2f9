using System.Globalization;
using EdgeBench.Core.IO;

namespace EdgeBench.Backends.External.Programs;

/// <summary>An empty folder for one run of a program, in the cache under this process's number: what a killed trial left is swept by the next one.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder()
    {
        string root = System.IO.Path.Combine(CacheFolders.Root, "external");
        Path = System.IO.Path.Combine(root, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(root);
        foreach (string folder in Directory.EnumerateDirectories(root).Where(IsAbandoned)) Discard(folder);
        Discard(Path);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => Discard(Path);

    private static bool IsAbandoned(string folder) =>
        int.TryParse(System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) && !Directory.Exists($"/proc/{process}");

    private static void Discard(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not there, or made unreadable by the program: a measurement is none the worse for it.
        }
    }
}
