using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.External.Programs;

/// <summary>One program that the device's owner allows.</summary>
internal sealed record AllowedProgram
{
    private const UnixFileMode Runs = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Absolute.</summary>
    public required string Path { get; init; }

    /// <summary>What the file must be; null accepts what lies there.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Arguments that always come first.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether a configuration may add arguments of its own: with many programs that is as good as any command.</summary>
    public bool FreeArguments { get; init; }

    /// <summary>What identifies the measurement by this entry: the file's hash and what it is started with.</summary>
    public string Version() =>
        $"sha256:{LibraryHashes.Of(Path)[..12]}{(Arguments.Count == 0 ? "" : $"+arguments:{ContentHash.OfText(EdgeBenchJson.Serialize(Arguments))[..8]}")}";

    /// <summary>Throws <see cref="TrialException"/> where the file is not what the entry says.</summary>
    public void Check(string name)
    {
        string? problem = Path.Contains('\0') || !System.IO.Path.IsPathFullyQualified(Path) ? "is no absolute path"
            : !File.Exists(Path) ? "is not there"
            : !OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path) & Runs) == 0 ? "is not executable"
            : Arguments is null || Arguments.Any(argument => argument is null || argument.Contains('\0')) ? "has arguments that are no texts"
            : null;
        if (problem is null && Sha256 is { } expected)
        {
            try
            {
                string found = LibraryHashes.Of(Path);
                if (!found.Equals(expected, StringComparison.OrdinalIgnoreCase)) problem = $"has SHA-256 {found}; expected {expected}";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problem = $"cannot be read: {exception.Message}";
            }
        }
        if (problem is not null)
            throw new TrialException(FailureKind.BackendMissing, $"the external program '{name}' ('{Path}') {problem}", $"Correct its entry in '{AllowedPrograms.FilePath}' on the device.");
    }
}
