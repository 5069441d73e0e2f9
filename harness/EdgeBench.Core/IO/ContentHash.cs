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

    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
