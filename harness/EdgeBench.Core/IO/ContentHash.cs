using System.Security.Cryptography;
using System.Text;

namespace EdgeBench.Core.IO;

/// <summary>SHA-256 as lower-case hexadecimal digits: the one spelling of a hash in files, messages and keys.</summary>
public static class ContentHash
{
    public static string OfFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Of what comes next in a stream. Throws <see cref="IOException"/>, also where it ends before.</summary>
    public static async Task<string> OfAsync(Stream stream, long bytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[(int)Math.Min(bytes, 1 << 20)];
        while (bytes > 0)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes)), cancellation).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException($"it ended {bytes} bytes before it should");
            hash.AppendData(buffer.AsSpan(0, read));
            bytes -= read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
