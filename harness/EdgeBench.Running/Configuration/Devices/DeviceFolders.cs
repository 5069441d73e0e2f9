namespace EdgeBench.Running.Configuration.Devices;

/// <summary>Where device files lie: <c>devices/</c> beside the bench file, then in the current folder; or a path that ends in <c>.yaml</c>.</summary>
/// <param name="Base">Folder that relative paths start from.</param>
internal sealed record DeviceFolders(string Base)
{
    public const string Suffix = ".yaml";

    private static readonly EnumerationOptions s_files = new() { IgnoreInaccessible = true };

    private IEnumerable<string> Folders =>
        new[] { Path.Combine(Base, "devices"), Path.Combine(Environment.CurrentDirectory, "devices") }.Distinct(StringComparer.Ordinal);

    /// <summary>The file that a name or path stands for, or null where there is none.</summary>
    public string? Find(string written)
    {
        if (written.Contains('\0', StringComparison.Ordinal)) return null;
        if (!written.EndsWith(Suffix, StringComparison.Ordinal)) return Folders.Select(folder => Path.Combine(folder, written + Suffix)).FirstOrDefault(File.Exists);
        string path = Path.GetFullPath(Path.Combine(Base, written));
        return File.Exists(path) ? path : null;
    }

    /// <summary>Every device file by name; of two with one name the first folder's counts.</summary>
    public IReadOnlyDictionary<string, string> All()
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string path in Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*" + Suffix, s_files)))
            files.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        return files;
    }
}
