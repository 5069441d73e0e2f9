namespace EdgeBench.Devices.Installing;

/// <summary>Agents in a device's cache folder: each in a folder named by the hash of its package.</summary>
internal static class InstalledAgents
{
    public const string FolderName = "agents";

    /// <summary>Agents of other versions that stay when one is installed: devices that several controllers of different versions use change between few.</summary>
    public const int Kept = 2;

    /// <summary>Days after its last start or installation at which an agent of another version goes, even if it is among those.</summary>
    public const int Days = 30;

    private const int HashDigits = 64;

    /// <summary>Which ones an installation keeps, in words.</summary>
    public static string Rule { get; } = $"those that run, and of the others the {Kept} that were started or installed last, within {Days} days";

    /// <summary>Every agent's folder; a link is none.</summary>
    public static IEnumerable<string> Folders(string cache)
    {
        string root = Path.Combine(cache, FolderName);
        return Directory.Exists(root) ? Directory.EnumerateDirectories(root).Where(IsAgent) : [];
    }

    private static bool IsAgent(string folder) =>
        Path.GetFileName(folder) is { Length: HashDigits } name && name.All(char.IsAsciiHexDigitLower) && new DirectoryInfo(folder).LinkTarget is null;
}
