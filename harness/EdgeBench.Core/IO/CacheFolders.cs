namespace EdgeBench.Core.IO;

/// <summary>
/// Where EdgeBench keeps what can be made again: <c>$EDGEBENCH_CACHE</c>, else <c>$XDG_CACHE_HOME/edgebench</c>, else
/// <c>~/.cache/edgebench</c>. Below it: <c>artifacts/</c> (compressed models), <c>checkpoints/</c> (random weights), <c>backends/</c> (native libraries).
/// </summary>
public static class CacheFolders
{
    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable("EDGEBENCH_CACHE") is { Length: > 0 } own) return Path.GetFullPath(own);
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg) return Path.Combine(xdg, "edgebench");
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), ".cache", "edgebench");
        }
    }

    public static string Artifacts => Path.Combine(Root, "artifacts");

    public static string Checkpoints => Path.Combine(Root, "checkpoints");

    public static string Backends => Path.Combine(Root, "backends");
}
