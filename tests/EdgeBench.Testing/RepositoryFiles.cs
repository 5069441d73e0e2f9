using Xunit;

namespace EdgeBench.Testing;

/// <summary>Where tests find the repository and, beside it, the shared models and data that not every machine has.</summary>
public static class RepositoryFiles
{
    /// <summary>Folder that holds EdgeBench.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Full path of a file or folder below <c>$EDGEBENCH_SHARED</c> (default <c>../shared</c>); skips the test, naming it, where it is absent.
    /// </summary>
    public static string Shared(string relative)
    {
        string folder = Environment.GetEnvironmentVariable("EDGEBENCH_SHARED") is { Length: > 0 } set ? set : Path.Combine(Root, "..", "shared");
        string path = Path.GetFullPath(Path.Combine(folder, relative));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs shared/{relative}, which is not on this machine");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeBench.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No EdgeBench.sln above {AppContext.BaseDirectory}.");
    }
}
