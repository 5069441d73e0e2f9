using System.Text;
using EdgeBench.Core.Problems;

namespace EdgeBench.Running.Configuration.Yaml;

/// <summary>The text of a file that a user wrote, read as hostile: bounded, UTF-8, printable. Throws <see cref="EdgeBenchException"/> (exit code 2).</summary>
internal static class YamlText
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <param name="what">What the file should be, for messages: <c>a bench.yaml</c>.</param>
    /// <param name="remedy">What to do where there is no such file.</param>
    public static string Read(string path, string what, string remedy) => Decode(ReadBounded(path, what, remedy), path);

    /// <summary>The document of a text, or null where it holds nothing.</summary>
    public static YamlNode? Parse(string text, string displayName, string what, ProblemList problems)
    {
        if (text.Length > MaxBytes) throw TooLarge(displayName, what);
        CheckPrintable(text, displayName, problems);
        return YamlReader.Read(text, displayName, problems);
    }

    private static byte[] ReadBounded(string path, string what, string remedy)
    {
        if (Directory.Exists(path))
            throw EdgeBenchException.BadInput("a folder", $"{what} file", $"Name the file: {Path.Combine(path, "bench.yaml")}.", path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] buffer = new byte[MaxBytes + 1];
            int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return read > MaxBytes ? throw TooLarge(path, what) : buffer[..read];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw EdgeBenchException.BadInput("no such file", what, remedy, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"unreadable: {error.Message}", "a file that may be read", null, path);
        }
    }

    private static EdgeBenchException TooLarge(string path, string what) =>
        EdgeBenchException.BadInput("a file over 4 MiB", $"{what} of at most 4 MiB", "Is this the right file?", path);

    private static string Decode(byte[] bytes, string path)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw EdgeBenchException.BadInput("UTF-16 text", "UTF-8 text", "Save the file as UTF-8.", path);
        ReadOnlySpan<byte> body = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;
        int zero = body.IndexOf((byte)0);
        if (zero >= 0) throw EdgeBenchException.BadInput($"a binary file (byte 0 at position {bytes.Length - body.Length + zero})",
            "UTF-8 text", "Is this the right file?", path);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        }
        catch (DecoderFallbackException error)
        {
            throw EdgeBenchException.BadInput($"invalid UTF-8 at byte {bytes.Length - body.Length + error.Index}", "UTF-8 text",
                "Save the file as UTF-8.", path);
        }
    }

    // The parser lets some control characters through that YAML 1.2 forbids.
    private static void CheckPrintable(string text, string displayName, ProblemList problems)
    {
        int at = text.AsSpan().IndexOfAnyExceptInRange(' ', char.MaxValue);
        int line = 1, start = 0;
        while (at >= 0)
        {
            char found = text[at];
            if (found == '\n') (line, start) = (line + 1, at + 1);
            else if (found is not ('\t' or '\r'))
            {
                problems.Add(new Place(displayName, line, at - start + 1), "", $"control character U+{(int)found:X4}", "printable text",
                    "Delete it.");
                throw problems.ToException();
            }
            int next = text.AsSpan(at + 1).IndexOfAnyExceptInRange(' ', char.MaxValue);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }
}
