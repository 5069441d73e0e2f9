using EdgeBench.Core.IO;

namespace EdgeBench.Compression.Artifacts;

/// <summary>Work in progress below <c>{root}/.partial</c>, one folder for an artifact, owned by whoever holds the artifact's lock.</summary>
internal sealed class PartialFolders(string root, Func<string, string> lockPath)
{
    private readonly string _partial = Path.Combine(root, ".partial");

    /// <summary>An empty folder for <paramref name="id"/>, whose lock the caller holds; sweeps what dead processes left of any artifact.</summary>
    public string Begin(string id)
    {
        string work = Path.Combine(_partial, id);
        if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
        if (Directory.Exists(_partial))
        {
            foreach (string other in Directory.EnumerateDirectories(_partial)) SweepUnlessInUse(other);
        }
        Directory.CreateDirectory(work);
        return work;
    }

    /// <summary>Takes a broken artifact out of sight by one rename, then deletes it.</summary>
    public void Discard(string folder)
    {
        string aside = Path.Combine(_partial, $"{Path.GetFileName(folder)}-broken-{Guid.NewGuid():N}");
        Directory.Move(folder, aside);
        Directory.Delete(aside, recursive: true);
    }

    /// <summary>Removes unfinished work after a failure, which must not be hidden by another one.</summary>
    public void Abandon(string work)
    {
        try
        {
            if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next build sweeps it.
        }
    }

    private void SweepUnlessInUse(string folder)
    {
        string id = Path.GetFileName(folder).Split("-broken-")[0];
        using ProcessLock? held = ProcessLock.TryAcquire(lockPath(id));
        if (held is not null) Directory.Delete(folder, recursive: true);
    }
}
