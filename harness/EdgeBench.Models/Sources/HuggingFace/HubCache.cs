namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>
/// A repository's folder in the cache that huggingface_hub, llama.cpp and others share (layout: huggingface.co/docs/hub/local-cache):
/// <c>refs/{revision}</c> holds a commit, <c>snapshots/{commit}/{file}</c> is a relative link to <c>blobs/{hash}</c>.
/// </summary>
internal sealed class HubCache(string cacheRoot, HubModelName model)
{
    private const int LongestReference = 64;

    private readonly string _name = $"models--{model.Organisation}--{model.Name}";

    public string Blobs => Path.Combine(cacheRoot, _name, "blobs");

    public string BlobPath(string hash) => Path.Combine(Blobs, hash);

    public string IncompletePath(string hash) => BlobPath(hash) + ".incomplete";

    public string LockPath(string hash) => Path.Combine(cacheRoot, ".locks", _name, hash + ".lock");

    public string SnapshotPath(string commit, string file) => Path.Combine(Snapshot(commit), Path.Combine(file.Split('/')));

    /// <summary>Folder of a commit's files.</summary>
    public string Snapshot(string commit) => Path.Combine(cacheRoot, _name, "snapshots", commit);

    /// <summary>Commit that a revision had when it was last fetched, or null.</summary>
    public string? CommitOf(string revision)
    {
        if (HubModelName.IsCommit(revision)) return revision;
        FileInfo reference = new(ReferencePath(revision));
        if (!reference.Exists || reference.Length > LongestReference) return null;
        string commit = File.ReadAllText(reference.FullName).Trim();
        return HubModelName.IsCommit(commit) ? commit : null;
    }

    /// <summary>The cached file of a commit: the named one, or the only .gguf where none is named. Null where it is not there.</summary>
    public CachedFile? Find(string commit, string? file)
    {
        string? name = file ?? OnlyGguf(commit);
        if (name is null) return null;
        string path = SnapshotPath(commit, name);
        return File.Exists(path) ? new CachedFile(path, commit, name, BlobHash(path)) : null;
    }

    /// <summary>Makes <paramref name="file"/> of a commit point at its blob; copies where the file system refuses links.</summary>
    public void Link(string commit, string file, string hash)
    {
        string path = SnapshotPath(commit, file);
        if (File.Exists(path)) return;
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        if (new FileInfo(path).LinkTarget is not null) File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, Path.GetRelativePath(folder, BlobPath(hash)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            if (File.Exists(path)) return;
            string partial = $"{path}.{Guid.NewGuid():N}.partial";
            File.Copy(BlobPath(hash), partial);
            File.Move(partial, path, overwrite: true);
        }
    }

    /// <summary>Remembers which commit a branch or tag means now.</summary>
    public void Remember(string revision, string commit)
    {
        if (HubModelName.IsCommit(revision) || CommitOf(revision) == commit) return;
        Core.IO.AtomicFile.WriteText(ReferencePath(revision), commit);
    }

    /// <summary>Deletes a damaged file and, where it lies in this cache, its blob.</summary>
    public void Remove(CachedFile file)
    {
        File.Delete(file.Path);
        if (file.BlobHash is { } hash) File.Delete(BlobPath(hash));
    }

    private string ReferencePath(string revision) => Path.Combine(cacheRoot, _name, "refs", Path.Combine(revision.Split('/')));

    private string? OnlyGguf(string commit)
    {
        string folder = Snapshot(commit);
        if (!Directory.Exists(folder)) return null;
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, MatchCasing = MatchCasing.CaseInsensitive };
        string[] found = [.. Directory.EnumerateFiles(folder, "*.gguf", options).Take(2)];
        return found.Length == 1 ? Path.GetRelativePath(folder, found[0]).Replace('\\', '/') : null;
    }

    private string? BlobHash(string path)
    {
        FileSystemInfo? target = File.ResolveLinkTarget(path, returnFinalTarget: true);
        return target is not null && Path.GetDirectoryName(target.FullName) == Blobs ? target.Name : null;
    }
}

/// <summary>A file in the cache.</summary>
/// <param name="BlobHash">Name of the blob that it links to; null for a copy or a link elsewhere.</param>
internal sealed record CachedFile(string Path, string Commit, string Name, string? BlobHash);
