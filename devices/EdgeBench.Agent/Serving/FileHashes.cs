using System.Collections.Concurrent;
using EdgeBench.Core.IO;

namespace EdgeBench.Agent.Serving;

/// <summary>SHA-256 of files, computed once as long as a file does not change (size and time of last write).</summary>
internal sealed class FileHashes
{
    private readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Written), string> _known = [];

    /// <summary>Lower-case digits. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
    public string Of(FileInfo file) => _known.GetOrAdd((file.FullName, file.Length, file.LastWriteTimeUtc), key => ContentHash.OfFile(key.Path));

    /// <summary>Notes the hash of a file that was checked while it arrived.</summary>
    public void Know(FileInfo file, string sha256) => _known[(file.FullName, file.Length, file.LastWriteTimeUtc)] = sha256;
}
