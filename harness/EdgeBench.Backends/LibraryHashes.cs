using System.Text.Json;
using EdgeBench.Core.IO;

namespace EdgeBench.Backends;

/// <summary>
/// SHA-256 of native libraries, kept in one small file in the cache by path, size and time of last write: asking again, in this process or another,
/// reads no library.
/// </summary>
internal static class LibraryHashes
{
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    private static string StorePath => Path.Combine(CacheFolders.Backends, "library-hashes.json");

    /// <summary>Lower-case hexadecimal digits. Links are followed. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public static string Of(string path) => Of([path])[0];

    /// <summary>Of several files, in their order.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> paths)
    {
        Dictionary<string, Entry> known = Read();
        bool changed = false;
        List<string> hashes = [];
        foreach (string path in paths)
        {
            FileInfo file = new(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
            Entry? entry = known.GetValueOrDefault(file.FullName);
            if (entry is null || entry.Bytes != file.Length || entry.Written != file.LastWriteTimeUtc.Ticks)
            {
                entry = new(file.Length, file.LastWriteTimeUtc.Ticks, ContentHash.OfFile(file.FullName));
                // A file written a moment ago could be written again without a later time: it is not remembered.
                if (DateTime.UtcNow - file.LastWriteTimeUtc > s_settled) (known[file.FullName], changed) = (entry, true);
            }
            hashes.Add(entry.Sha256);
        }
        if (changed) Store(known);
        return hashes;
    }

    private static Dictionary<string, Entry> Read()
    {
        try
        {
            return EdgeBenchJson.Deserialize<Dictionary<string, Entry>>(File.ReadAllText(StorePath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Absent, or spoilt: the libraries themselves are read.
            return [];
        }
    }

    // Two processes may overwrite each other's entries, which costs a reading of the file and no more.
    private static void Store(Dictionary<string, Entry> known)
    {
        try
        {
            AtomicFile.WriteText(StorePath, EdgeBenchJson.Serialize(known.Where(entry => File.Exists(entry.Key)).ToDictionary()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written makes the next question slower, not wrong.
        }
    }

    /// <param name="Written">UTC ticks of the last write.</param>
    private sealed record Entry(long Bytes, long Written, string Sha256);
}
