using System.Formats.Tar;
using System.IO.Compression;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>Takes the libraries, and nothing else, out of an npm package.</summary>
internal static class LlamaCppArchive
{
    private const long LargestFile = 64L << 20;

    /// <summary>
    /// Writes <c>package/bins/{folder}/libggml*</c> and <c>libllama.*</c>, and the licence, flat into <paramref name="target"/>. A name is only ever
    /// compared and its last part used, so no entry can lead outside; links are not followed. Throws <see cref="InvalidDataException"/>.
    /// </summary>
    /// <returns>Files written.</returns>
    public static int Extract(string archive, string folder, string target)
    {
        Directory.CreateDirectory(target);
        using FileStream file = File.OpenRead(archive);
        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        using TarReader reader = new(unpacked);
        int count = 0;
        while (reader.GetNextEntry() is { } entry)
        {
            if (Name(entry.Name, folder) is not { } name || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) continue;
            if (entry.Length > LargestFile) throw new InvalidDataException($"'{entry.Name}' has {entry.Length} bytes; at most {LargestFile} are expected");
            using FileStream to = new(Path.Combine(target, name), FileMode.CreateNew);
            entry.DataStream?.CopyTo(to);
            count++;
        }
        return count;
    }

    // The file's name in the target, or null where it is not wanted.
    internal static string? Name(string entry, string folder)
    {
        if (entry == "package/LICENSE") return "LICENSE";
        string prefix = $"package/bins/{folder}/";
        if (!entry.StartsWith(prefix, StringComparison.Ordinal)) return null;
        string name = entry[prefix.Length..];
        bool library = name.StartsWith("libggml", StringComparison.Ordinal) || name.StartsWith("libllama.", StringComparison.Ordinal);
        return library && name.Contains(".so", StringComparison.Ordinal) && !name.Contains('/') && !name.Contains('\\') ? name : null;
    }
}
