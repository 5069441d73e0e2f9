using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;

namespace EdgeBench.Devices.Transfer;

/// <summary>The files that a trial reads, sent to a device, and the request with their places there.</summary>
public static class RequestFiles
{
    /// <summary>The request for the device, or why the device cannot have its files. Throws <see cref="Launching.AgentLostException"/>.</summary>
    public static async Task<(TrialRequest Request, TrialFailure? Failure)> SendAsync(
        FileSender sender, TrialRequest request, IProgress<long>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(request);
        (ArtifactFile? artifact, TrialFailure? failure) = await SendAsync(sender, request.Artifact, progress, cancellation).ConfigureAwait(false);
        if (artifact is null) return (request, failure);
        ArtifactFile? reference = null;
        if (request.Reference is { } asked)
        {
            (reference, failure) = await SendAsync(sender, asked, progress, cancellation).ConfigureAwait(false);
            if (reference is null) return (request, failure);
        }
        Dictionary<string, DataFile> data = [];
        foreach ((string name, DataFile file) in request.Data)
        {
            LocalFile text = new(file.Path, FileName.Safe(Path.GetFileName(file.Path), "data"), Bytes(file.Path), file.Sha256.ToLowerInvariant());
            SentFiles sent = await sender.SendAsync([text], progress, cancellation).ConfigureAwait(false);
            if (sent.Folder is null) return (request, sent.Failure);
            data[name] = file with { Path = At(sent.Folder, text.Name) };
        }
        return (request with { Artifact = artifact, Reference = reference, Data = data }, null);
    }

    private static async Task<(ArtifactFile? File, TrialFailure? Failure)> SendAsync(
        FileSender sender, ArtifactFile artifact, IProgress<long>? progress, CancellationToken cancellation)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(artifact.Path))!;
        // Nothing refers to the main file by its name; the names of the parts stand inside it.
        string main = FileName.Safe(Path.GetFileName(artifact.Path), "model");
        if (artifact.Parts.FirstOrDefault(part => !FileName.IsSafe(part.Name)) is { } unsafePart)
        {
            return (null, new TrialFailure(FailureKind.Unsupported, $"the file name '{unsafePart.Name}' beside '{artifact.Path}' cannot be used on a device; expected {FileName.Expected}",
                "Export the model with another name for it."));
        }
        IEnumerable<LocalFile> parts = artifact.Parts.Select((ArtifactPart part) =>
            new LocalFile(Path.Combine(folder, part.Name), part.Name, part.Bytes, part.Sha256.ToLowerInvariant()));
        SentFiles sent = await sender.SendAsync([new LocalFile(artifact.Path, main, artifact.Bytes, artifact.Sha256.ToLowerInvariant()), .. parts], progress, cancellation).ConfigureAwait(false);
        return sent.Folder is null ? (null, sent.Failure) : (artifact with { Path = At(sent.Folder, main) }, null);
    }

    // Of the file that a symbolic link leads to; 0 for one that is gone: sending it says so.
    private static long Bytes(string path)
    {
        FileInfo file = new(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file.Exists ? file.Length : 0;
    }

    private static string At(string folder, string name) => $"{folder}/{name}";
}
