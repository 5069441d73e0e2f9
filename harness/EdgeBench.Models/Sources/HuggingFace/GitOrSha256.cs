using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace EdgeBench.Models.Sources.HuggingFace;

/// <summary>The two hashes that a hub vouches for files with.</summary>
internal static class GitOrSha256
{
    /// <summary>SHA-256 of the content, or git's hash of it as a blob: SHA-1 over <c>blob {length}\0</c> and the content.</summary>
    public static string Of(string path, bool sha256)
    {
        if (sha256) return Core.IO.ContentHash.OfFile(path);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
#pragma warning disable CA5350 // git names its blobs by SHA-1; the choice is not ours.
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        int read;
        while ((read = stream.Read(buffer)) > 0) hash.AppendData(buffer.AsSpan(0, read));
        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
