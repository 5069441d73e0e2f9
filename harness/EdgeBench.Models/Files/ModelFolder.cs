using System.Text.RegularExpressions;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Files;

/// <summary>
/// A model's folder as a boundary: a file in it is a plain file of this folder, never one that a name or a link leads to elsewhere. The one
/// exception is the cache that Hugging Face's tools share, whose <c>snapshots/{commit}</c> consist of links into <c>blobs</c> beside them.
/// </summary>
internal sealed partial class ModelFolder
{
    private readonly string _real;
    private readonly string? _blobs;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where there is no such folder.</summary>
    public ModelFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(Path)) throw EdgeBenchException.BadInput("no such folder", "a folder with a model", "Check the path.", path);
        _real = RealPath(Path);
        if (Snapshot().IsMatch(_real)) _blobs = System.IO.Path.GetFullPath(System.IO.Path.Combine(_real, "..", "..", "blobs"));
    }

    public string Path { get; }

    /// <summary>Full path of a file that this program names, or null where it is absent. Throws where it is a link out of the folder.</summary>
    public string? Find(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        if (!File.Exists(path)) return null;
        RequireInside(path, name);
        return path;
    }

    /// <summary>Full path of a file that a file in the folder names: a plain name, no other name of the same file, no link out of the folder.</summary>
    /// <param name="by">The file that names it, for messages.</param>
    public string Named(string name, string by)
    {
        string named = $"{by} names the file {FileErrors.Quoted(name)}";
        if (!PlainName().IsMatch(name) || name is "." or "..")
            throw EdgeBenchException.BadInput(named, "a file name without folders, '..' or a drive", "Fetch the model again from its publisher.", Path);
        string path = System.IO.Path.Combine(Path, name);
        if (!File.Exists(path)) throw EdgeBenchException.BadInput($"{named}, which is not there", "every file that it names", "Fetch the missing file.", Path);
        RequireInside(path, name);
        if (_blobs is null && HardLinks.Count(path) is > 1 and { } links)
            throw EdgeBenchException.BadInput($"{named}, which has {links} names on this disk (hard links)", "a file of the model's own", "Replace it with a copy.", path);
        return path;
    }

    private void RequireInside(string path, string name)
    {
        string real = RealPath(path);
        string folder = System.IO.Path.GetDirectoryName(real)!;
        if (real.StartsWith(_real + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) || folder == _blobs) return;
        throw EdgeBenchException.BadInput($"{FileErrors.Quoted(name)} is a link to '{real}', outside of the folder", "files of the folder itself",
            "Replace the link with a copy of what it leads to.", Path);
    }

    // Links in any part of the path are followed, as the system follows them.
    private static string RealPath(string path)
    {
        string real = System.IO.Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..].Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = System.IO.Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            real = info.ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : next;
        }
        return real;
    }

    [GeneratedRegex(@"\A[^/\\:\x00-\x1f]{1,255}\z")]
    private static partial Regex PlainName();

    [GeneratedRegex(@"/models--[^/]+/snapshots/[0-9a-f]{40}\z")]
    private static partial Regex Snapshot();
}
