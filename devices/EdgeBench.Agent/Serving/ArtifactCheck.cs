using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;

namespace EdgeBench.Agent.Serving;

/// <summary>
/// Checks that a trial's files are what they must be, before its process starts: the hash of a file that has not changed since (size and time of
/// last write) is computed once, so it is part of no trial's time.
/// </summary>
internal sealed class ArtifactCheck
{
    private readonly Dictionary<(string Path, long Bytes, DateTime Written), string> _hashes = [];

    /// <summary>What is missing or different, or null.</summary>
    public TrialFailure? Refuse(TrialRequest request)
    {
        if (Refuse(request.Artifact) is { } artifact) return artifact;
        if (request.Reference is { } reference && Refuse(reference) is { } different) return different;
        string? absent = request.Data.Values.FirstOrDefault(path => !File.Exists(path));
        return absent is null ? null : new TrialFailure(FailureKind.MissingArtifact, $"data file '{absent}' is not on the device");
    }

    private TrialFailure? Refuse(ArtifactFile file)
    {
        FileInfo found = new(file.Path);
        if (!found.Exists) return Missing($"'{file.Path}' is not on the device");
        if (found.Length != file.Bytes) return Missing($"'{file.Path}' has {found.Length} bytes; expected {file.Bytes}");
        try
        {
            var key = (found.FullName, found.Length, found.LastWriteTimeUtc);
            if (!_hashes.TryGetValue(key, out string? hash)) _hashes[key] = hash = ContentHash.OfFile(found.FullName);
            return hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase) ? null : Missing($"'{file.Path}' has SHA-256 {hash}; expected {file.Sha256}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Missing($"'{file.Path}' cannot be read: {exception.Message}");
        }
    }

    private static TrialFailure Missing(string message) => new(FailureKind.MissingArtifact, message, "Run again: a missing artifact is built again.");
}
