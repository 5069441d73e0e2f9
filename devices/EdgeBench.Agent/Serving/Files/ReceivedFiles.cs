using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;

namespace EdgeBench.Agent.Serving.Files;

/// <summary>
/// What controllers sent to this device: <c>received/(set)/(names)</c> once all of a set is there and verified, <c>incoming/(set)/(numbers)</c> before. A set's
/// name is the hash of what it holds. The sets used least recently go first when room is wanted; those of the trial at hand never do.
/// </summary>
/// <param name="folder">The device's cache folder.</param>
internal sealed class ReceivedFiles(string folder, FileHashes hashes)
{
    private readonly string _received = Path.Combine(folder, "received");
    private readonly string _incoming = Path.Combine(folder, "incoming");

    /// <summary>Name of a set.</summary>
    public static string NameOf(IReadOnlyList<OfferedFile> files) =>
        ContentHash.OfText(string.Join('\n', files.Select(file => $"{file.Sha256} {file.Bytes} {file.Name}")));

    /// <summary>Folder of a complete set whose files are all as they must be, now used once more; null where it is to be sent. Throws <see cref="IOException"/>.</summary>
    public string? Find(string set, IReadOnlyList<OfferedFile> files)
    {
        string place = Path.Combine(_received, set);
        if (!Directory.Exists(place)) return null;
        if (files.All(file => new FileInfo(Path.Combine(place, file.Name)) is { Exists: true, LinkTarget: null } found && found.Length == file.Bytes && hashes.Of(found) == file.Sha256))
        {
            Directory.SetLastWriteTimeUtc(place, DateTime.UtcNow);
            return place;
        }
        Directory.Delete(place, recursive: true);
        return null;
    }

    /// <summary>Where the files of a set are collected, by their numbers: no name of the other side is used before all are verified.</summary>
    public string Incoming(string set) => Directory.CreateDirectory(Path.Combine(_incoming, set)).FullName;

    /// <summary>Gives verified files their names and the set its folder. Throws <see cref="IOException"/>.</summary>
    public string Complete(string set, IReadOnlyList<(string Path, OfferedFile File)> files)
    {
        string from = Incoming(set), to = Path.Combine(_received, set);
        // An agent that was killed between here and the next line left some under their names.
        foreach ((string path, OfferedFile file) in files) File.Move(path, Path.Combine(from, file.Name), overwrite: true);
        Directory.CreateDirectory(_received);
        Directory.Move(from, to);
        foreach ((_, OfferedFile file) in files) hashes.Know(new FileInfo(Path.Combine(to, file.Name)), file.Sha256);
        return to;
    }

    /// <summary>Makes room for a set's bytes, or says why there is none. Throws <see cref="IOException"/>.</summary>
    /// <param name="bytes">Of the whole set.</param>
    /// <param name="limit">Bytes that all sets may take; 0 for none.</param>
    /// <param name="used">Sets that stay.</param>
    public TrialFailure? MakeRoom(string set, long bytes, long limit, IReadOnlySet<string> used)
    {
        long already = Bytes(new DirectoryInfo(Path.Combine(_incoming, set)));
        List<(DirectoryInfo Folder, long Bytes)> others = [.. Sets().Where(folder => folder.Name != set).Select(folder => (folder, Bytes(folder)))];
        long taken = others.Sum(other => other.Bytes);
        foreach ((DirectoryInfo other, long size) in others.Where(other => !used.Contains(other.Folder.Name)).OrderBy(other => other.Folder.LastWriteTimeUtc))
        {
            if (!(limit > 0 && taken + bytes > limit) && WhyNoRoom(bytes - already) is null) break;
            other.Delete(recursive: true);
            taken -= size;
        }
        if (limit > 0 && taken + bytes > limit)
        {
            return new TrialFailure(FailureKind.MissingArtifact, $"{bytes} bytes beside {taken} in use pass the device's cache limit of {limit} bytes",
                "Raise 'cache_limit' of the device, or take a smaller model.");
        }
        return WhyNoRoom(bytes - already);
    }

    private TrialFailure? WhyNoRoom(long bytes)
    {
        try
        {
            DiskSpace.Require(folder, bytes, "the files of this trial");
            return null;
        }
        catch (DiskFullException full)
        {
            return new TrialFailure(FailureKind.MissingArtifact, $"on the device, {full.Problems[0].Offender}; expected {full.Problems[0].Expected}",
                "Free some space on the device, or take a smaller model.");
        }
    }

    private IEnumerable<DirectoryInfo> Sets() => new[] { _received, _incoming }
        .Where(Directory.Exists).SelectMany(place => new DirectoryInfo(place).EnumerateDirectories());

    private static long Bytes(DirectoryInfo set) => set.Exists ? set.EnumerateFiles().Sum(file => file.Length) : 0;
}
