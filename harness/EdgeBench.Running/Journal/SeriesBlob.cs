using System.Buffers.Binary;
using EdgeBench.Core.Trials;

namespace EdgeBench.Running.Journal;

/// <summary>
/// Raw readings as bytes, little-endian: format byte 1, count n as u32, then n f64 values, n f64 times, n i32 repetitions.
/// One row per metric and trial instead of one per reading keeps a journal of thousands of cells small and fast to read.
/// </summary>
internal static class SeriesBlob
{
    private const byte Format = 1;
    private const int Header = 5;
    private const int BytesPerReading = 8 + 8 + 4;

    public static byte[] Write(Series series)
    {
        int n = series.Values.Length;
        if (series.At.Length != n || series.Repetition.Length != n)
            throw new ArgumentException($"Series '{series.Metric}' has {n} values, {series.At.Length} times and {series.Repetition.Length} repetitions.", nameof(series));
        byte[] bytes = new byte[Header + n * BytesPerReading];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), n);
        for (int i = 0; i < n; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(Header + 8 * i), series.Values[i]);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(Header + 8 * (n + i)), series.At[i]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Header + 16 * n + 4 * i), series.Repetition[i]);
        }
        return bytes;
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where the bytes are not what <see cref="Write"/> makes.</summary>
    public static Series Read(string metric, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Header || bytes[0] != Format)
            throw new InvalidDataException($"readings of '{metric}' have format {(bytes.Length > 0 ? bytes[0] : -1)}, expected {Format}");
        int n = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        if (n < 0 || bytes.Length != Header + (long)n * BytesPerReading)
            throw new InvalidDataException($"readings of '{metric}' claim {n} entries in {bytes.Length} bytes");
        double[] values = new double[n], at = new double[n];
        int[] repetition = new int[n];
        for (int i = 0; i < n; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(Header + 8 * i)..]);
            at[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(Header + 8 * (n + i))..]);
            repetition[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(Header + 16 * n + 4 * i)..]);
        }
        return new Series(metric, values, at, repetition);
    }
}
