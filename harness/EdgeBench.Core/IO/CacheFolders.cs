using EdgeBench.Core.Wire;

namespace EdgeBench.Core.IO;

/// <summary>
/// Where EdgeBench keeps what can be made again: <c>$EDGEBENCH_CACHE</c>, else <c>$XDG_CACHE_HOME/edgebench</c>, else
/// <c>~/.cache/edgebench</c>. Below it: <c>artifacts/</c> (compressed models), <c>checkpoints/</c> (random weights), <c>backends/</c> (native libraries).
/// </summary>
public static class CacheFolders
{
    public const string Variable = "EDGEBENCH_CACHE";

    /// <summary>Environment variable that is set where several machines see the cache folder under the same path.</summary>
    public const string SharedVariable = "EDGEBENCH_CACHE_SHARED";

    public static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own) return Path.GetFullPath(own);
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg) return Path.Combine(xdg, "edgebench");
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), ".cache", "edgebench");
        }
    }

    /// <summary>What belongs to this machine alone, its lease above all: the root, or in a shared one <c>nodes/(host name)</c>.</summary>
    public static string Machine => Environment.GetEnvironmentVariable(SharedVariable) is { Length: > 0 }
        ? Path.Combine(Root, "nodes", FileName.Safe(Environment.MachineName, "node")) : Root;

    public static string Artifacts => Path.Combine(Root, "artifacts");

    public static string Checkpoints => Path.Combine(Root, "checkpoints");

    public static string Backends => Path.Combine(Root, "backends");
}
