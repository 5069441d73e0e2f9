using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Hostile;

/// <summary>Approved texts in this folder; <c>EDGEBENCH_UPDATE_SNAPSHOTS=1</c> writes them anew, to be read before they are committed.</summary>
internal static class Snapshot
{
    public static void Matches(string name, string text)
    {
        string path = Path.Combine(RepositoryFiles.Root, "tests", "EdgeBench.Models.Tests", "Hostile", name);
        if (Environment.GetEnvironmentVariable("EDGEBENCH_UPDATE_SNAPSHOTS") == "1") File.WriteAllText(path, text);
        Assert.True(File.Exists(path), $"{path} is missing: set EDGEBENCH_UPDATE_SNAPSHOTS=1 to write it, then read it");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
