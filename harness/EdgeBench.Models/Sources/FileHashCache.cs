using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Sources;

/// <summary>
/// SHA-256 of large files, remembered below <c>hashes/</c> of the cache by path, size and modification time, so that a run does not read
/// gigabytes again.
/// </summary>
public static class FileHashCache
{
    /// <summary>A file touched more recently may change again without its time changing.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    public static string Sha256(string path, string cacheFolder)
    {
        string full = LinkedFile.Of(Path.GetFullPath(path)).FullName;
        string entry = Path.Combine(cacheFolder, "hashes", $"{ContentHash.OfText(full)}.json");
        FileInfo before = new(full);
        if (Read(entry) is { } known && known.Path == full && known.Bytes == before.Length && known.Ticks == before.LastWriteTimeUtc.Ticks)
            return known.Sha256;
        string hash = ContentHash.OfFile(full);
        FileInfo after = new(full);
        if (after.Length != before.Length || after.LastWriteTimeUtc != before.LastWriteTimeUtc)
            throw EdgeBenchException.Infrastructure($"'{full}' changed while it was read", "a file that stays as it is", "Wait until it is complete and run again.");
        if (DateTime.UtcNow - after.LastWriteTimeUtc > s_settled) Store(entry, new Entry(full, after.Length, after.LastWriteTimeUtc.Ticks, hash));
        return hash;
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where the file's hash is not the expected one.</summary>
    public static void Check(string? expected, string found, string path)
    {
        if (expected is null || string.Equals(expected, found, StringComparison.OrdinalIgnoreCase)) return;
        throw EdgeBenchException.BadInput($"SHA-256 {found}", $"{expected}, which the configuration asks for",
            "Fetch the right file, or correct 'sha256'.", path);
    }

    // A cache: what cannot be read is hashed again, what cannot be stored is not remembered.
    private static Entry? Read(string path)
    {
        try
        {
            return File.Exists(path) ? EdgeBenchJson.Deserialize<Entry>(File.ReadAllText(path)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static void Store(string path, Entry entry)
    {
        try
        {
            AtomicFile.WriteText(path, EdgeBenchJson.Serialize(entry));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private sealed record Entry(string Path, long Bytes, long Ticks, string Sha256);
}
