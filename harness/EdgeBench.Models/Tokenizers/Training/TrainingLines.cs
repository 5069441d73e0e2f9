using System.Text;
using System.Text.Unicode;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Tokenizers.Training;

/// <summary>Lines of a UTF-8 file, each with its line feed, read as they are asked for.</summary>
internal static class TrainingLines
{
    /// <summary>Bytes of one line; texts have line feeds long before.</summary>
    private const int LongestLine = 64 << 20;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with the offset of the first byte that is no UTF-8.</summary>
    public static IEnumerable<string> Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = Open(path);
        byte[] buffer = new byte[1 << 16];
        (long offset, int length) = (0, 0);
        while (true)
        {
            int read = stream.Read(buffer, length, buffer.Length - length);
            int seen = length;
            length += read;
            int start = 0;
            for (int feed; (feed = buffer.AsSpan(Math.Max(start, seen), length - Math.Max(start, seen)).IndexOf((byte)'\n')) >= 0;)
            {
                int end = Math.Max(start, seen) + feed + 1;
                yield return Text(buffer.AsSpan(start, end - start), path, offset + start);
                start = end;
            }
            if (read == 0)
            {
                if (length > start) yield return Text(buffer.AsSpan(start, length - start), path, offset + start);
                yield break;
            }
            buffer.AsSpan(start, length - start).CopyTo(buffer);
            (offset, length) = (offset + start, length - start);
            if (length == buffer.Length)
            {
                if (length >= LongestLine) throw EdgeBenchException.BadInput($"more than {LongestLine} bytes without a line feed from byte {offset}", "text in lines", "Break its lines.", path);
                Array.Resize(ref buffer, length * 2);
            }
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput(error.Message, "a text file that can be read", "Check the path.", path);
        }
    }

    private static string Text(ReadOnlySpan<byte> line, string path, long offset)
    {
        if (Utf8.IsValid(line)) return Encoding.UTF8.GetString(line);
        int at = 0;
        while (Rune.DecodeFromUtf8(line[at..], out _, out int length) == System.Buffers.OperationStatus.Done) at += length;
        throw EdgeBenchException.BadInput($"byte {offset + at} (0-based) starts no valid character", "UTF-8", "Convert the file to UTF-8.", path);
    }
}
