namespace EdgeBench.Devices;

/// <summary>
/// The folder below which <c>proc</c>, <c>sys</c> and <c>etc</c> lie: <c>/</c> on a device, a recorded tree in a test. Reading never throws:
/// what a kernel does not offer, or does not let us read, is null or empty.
/// </summary>
public sealed record SystemRoot(string Folder)
{
    private static readonly string[] s_programFolders = ["usr/local/bin", "usr/bin", "bin", "usr/sbin", "sbin", "opt/vc/bin"];

    public static SystemRoot Real { get; } = new("/");

    /// <summary>A file's text without the blanks and zero bytes around it, or null.</summary>
    public string? Text(string relative)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Folder, relative)).Trim(' ', '\t', '\r', '\n', '\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A file's non-empty lines; none where it cannot be read.</summary>
    public string[] Lines(string relative) =>
        Text(relative)?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>A file that holds one whole number, or null (also for words such as <c>max</c>).</summary>
    public long? Number(string relative) => long.TryParse(Text(relative), out long value) ? value : null;

    /// <summary>Whether a file is there, readable or not.</summary>
    public bool Exists(string relative) => File.Exists(Path.Combine(Folder, relative));

    /// <summary>Why a file cannot be read, or null where it can.</summary>
    public string? WhyUnreadable(string relative) => Attempt(() => File.ReadAllText(Path.Combine(Folder, relative)));

    /// <summary>Writes a file that is there already, as settings below <c>sys</c> are. Returns why that failed, or null.</summary>
    public string? Write(string relative, string text)
    {
        string path = Path.Combine(Folder, relative);
        return File.Exists(path) ? Attempt(() => File.WriteAllText(path, text)) : "no such file";
    }

    /// <summary>Full path of a program of this system, or null where it is not installed.</summary>
    public string? Program(string name) => s_programFolders.Select(folder => Path.Combine(Folder, folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Relative paths of the folders (or links to folders) in a folder whose names start with <paramref name="prefix"/>, in order.</summary>
    public IReadOnlyList<string> Folders(string relative, string prefix)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(Folder, relative), prefix + "*")
                .Select(path => Path.Combine(relative, Path.GetFileName(path)))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Attempt(Action access)
    {
        try
        {
            access();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
