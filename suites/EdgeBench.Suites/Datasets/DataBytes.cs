using EdgeBench.Core.Problems;

namespace EdgeBench.Suites.Datasets;

/// <summary>A data file in memory.</summary>
internal static class DataBytes
{
    private const int Most = 256 << 20;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a file that cannot be read or is too large.</summary>
    /// <param name="tooLarge">What to do about one that is.</param>
    public static byte[] Read(string path, string tooLarge)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            long length = new FileInfo(path).Length;
            return length <= Most ? File.ReadAllBytes(path) : throw EdgeBenchException.BadInput($"a file of {length:N0} bytes", $"at most {Most:N0}", tooLarge, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"a file that cannot be read: {error.Message}", "a readable file", file: path);
        }
    }

    /// <summary>Without a byte-order mark.</summary>
    public static ReadOnlyMemory<byte> Text(byte[] bytes) => bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
}
