using EdgeBench.Core.IO;
using EdgeBench.Devices.Launching;

namespace EdgeBench.Devices.Installing;

/// <summary>The agent for one platform: a folder of files, of which one is the program.</summary>
/// <param name="Runtime">Such as <c>linux-arm64</c>.</param>
/// <param name="Files">The program is the last.</param>
public sealed record AgentPackage(string Runtime, IReadOnlyList<AgentPackageFile> Files)
{
    /// <summary>Hash of all files with their names: agents with one id are the same, byte for byte.</summary>
    public string Id { get; } = ContentHash.OfText(string.Join('\n', Files.Select(file => $"{file.Sha256} {file.Name}")));

    /// <summary>Path of the program on this machine.</summary>
    public string Program => Files[^1].Path;

    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Reads a folder; null where it holds no agent.</summary>
    public static AgentPackage? Read(string runtime, string folder)
    {
        if (!File.Exists(Path.Combine(folder, AgentProgram.Name))) return null;
        // Symbols and documentation stay here.
        IEnumerable<string> paths = Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path) is not (".pdb" or ".dbg" or ".xml"))
            .OrderBy(path => Path.GetFileName(path) == AgentProgram.Name).ThenBy(path => path, StringComparer.Ordinal);
        return new AgentPackage(runtime, [.. paths.Select(path => new AgentPackageFile(path, new FileInfo(path).Length, ContentHash.OfFile(path)))]);
    }
}

/// <param name="Sha256">Lower-case hexadecimal digits.</param>
public sealed record AgentPackageFile(string Path, long Bytes, string Sha256)
{
    public string Name => System.IO.Path.GetFileName(Path);
}
