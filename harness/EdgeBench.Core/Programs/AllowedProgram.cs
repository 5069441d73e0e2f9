using EdgeBench.Core.IO;

namespace EdgeBench.Core.Programs;

/// <summary>One program that the device's owner allows.</summary>
public sealed record AllowedProgram
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

    /// <summary>Why the file is not what the entry says, or null.</summary>
    internal string? Problem()
    {
        if (Path.Contains('\0') || !System.IO.Path.IsPathFullyQualified(Path)) return "is no absolute path";
        if (!File.Exists(Path)) return "is not there";
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path) & Runs) == 0) return "is not executable";
        if (Arguments is null || Arguments.Any(argument => argument is null || argument.Contains('\0'))) return "has arguments that are no texts";
        if (Sha256 is not { } expected) return null;
        try
        {
            string found = ContentHash.OfFile(Path);
            return found.Equals(expected, StringComparison.OrdinalIgnoreCase) ? null : $"has SHA-256 {found}; expected {expected}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {exception.Message}";
        }
    }
}
