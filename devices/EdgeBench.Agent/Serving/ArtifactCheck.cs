using EdgeBench.Core.Trials;

namespace EdgeBench.Agent.Serving;

/// <summary>
/// Checks that a trial's files are what they must be, before its process starts: the hash of a file that has not changed since (size and time of
/// last write) is computed once, so it is part of no trial's time.
/// </summary>
internal sealed class ArtifactCheck(FileHashes hashes)
{
    private const string Rebuild = "Run again: a missing artifact is built again.";

    private const string Replan = "Put the file back as it was when the run began, or begin a new run.";

    /// <summary>What is missing or different, or null.</summary>
    public TrialFailure? Refuse(TrialRequest request)
    {
        if (Refuse(request.Artifact) is { } artifact) return artifact;
        if (request.Reference is { } reference && Refuse(reference) is { } different) return different;
        return request.Data.Values.Select(Refuse).FirstOrDefault(refusal => refusal is not null);
    }

    private TrialFailure? Refuse(ArtifactFile file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        return Refuse(file.Path, file.Bytes, file.Sha256)
            ?? file.Parts.Select(part => Refuse(Path.Combine(folder, Path.GetFileName(part.Name)), part.Bytes, part.Sha256)).FirstOrDefault(refusal => refusal is not null);
    }

    private TrialFailure? Refuse(string path, long bytes, string sha256)
    {
        FileInfo found = Find(path);
        if (!found.Exists) return Missing($"'{path}' is not on the device");
        return found.Length != bytes ? Missing($"'{path}' has {found.Length} bytes; expected {bytes}") : Differs(found, sha256, Rebuild);
    }

    private TrialFailure? Refuse(DataFile file)
    {
        FileInfo found = Find(file.Path);
        return found.Exists ? Differs(found, file.Sha256, Replan) : Missing($"data file '{file.Path}' is not on the device", Replan);
    }

    // Of a link the file behind it: the caches of hubs are full of them.
    private static FileInfo Find(string path)
    {
        FileInfo file = new(path);
        return file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file;
    }

    private TrialFailure? Differs(FileInfo found, string expected, string remedy)
    {
        try
        {
            string hash = hashes.Of(found);
            return hash.Equals(expected, StringComparison.OrdinalIgnoreCase) ? null : Missing($"the hash of '{found.FullName}' differs: SHA-256 {hash}; expected {expected}", remedy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Missing($"'{found.FullName}' cannot be read: {exception.Message}", remedy);
        }
    }

    private static TrialFailure Missing(string message, string remedy = Rebuild) => new(FailureKind.MissingArtifact, message, remedy);
}
