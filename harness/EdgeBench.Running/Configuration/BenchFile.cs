using System.Text;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration.Sections;
using EdgeBench.Running.Configuration.Yaml;

namespace EdgeBench.Running.Configuration;

/// <summary>A <c>bench.yaml</c> as loaded.</summary>
/// <param name="Configuration">Overrides applied, validated, lists expanded.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="BaseFolder">Folder that relative paths inside start from.</param>
/// <param name="Text">The file as it stands, without the overrides.</param>
/// <param name="Hash">Of the frozen configuration: comments and spelling do not change it, overrides do.</param>
public sealed record LoadedBench(BenchConfiguration Configuration, string Path, string BaseFolder, string Text, string Hash);

/// <summary>Reads <c>bench.yaml</c>, or throws <see cref="EdgeBenchException"/> (exit code 2) with every problem found.</summary>
public static class BenchFile
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <param name="overrides">Each <c>path=value</c>, applied in order.</param>
    public static LoadedBench Load(string path, IReadOnlyList<string> overrides, ConfigurationVocabulary vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(overrides);
        string text = Decode(ReadBounded(path), path);
        BenchConfiguration configuration = Parse(text, path, overrides, vocabulary);
        string full = System.IO.Path.GetFullPath(path);
        string hash = ContentHash.OfText(EdgeBenchJson.Serialize(configuration));
        return new LoadedBench(configuration, full, System.IO.Path.GetDirectoryName(full)!, text, hash);
    }

    /// <param name="displayName">File name for problems.</param>
    public static BenchConfiguration Parse(string text, string displayName, IReadOnlyList<string> overrides,
        ConfigurationVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(overrides);
        if (text.Length > MaxBytes) throw TooLarge(displayName);
        ProblemList problems = new();
        CheckPrintable(text, displayName, problems);
        YamlNode? root = YamlReader.Read(text, displayName, problems);
        foreach (string expression in overrides) root = Override.Apply(root, expression, problems);
        return BenchReader.Read(root, displayName, new Reading(vocabulary, problems));
    }

    private static byte[] ReadBounded(string path)
    {
        if (Directory.Exists(path))
            throw EdgeBenchException.BadInput("a folder", "a bench.yaml file",
                $"Name the file: {System.IO.Path.Combine(path, "bench.yaml")}.", path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] buffer = new byte[MaxBytes + 1];
            int read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return read > MaxBytes ? throw TooLarge(path) : buffer[..read];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw EdgeBenchException.BadInput("no such file", "a bench.yaml",
                "Name it on the command line, or run in the folder that holds it.", path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"unreadable: {error.Message}", "a file that may be read", null, path);
        }
    }

    private static EdgeBenchException TooLarge(string path) =>
        EdgeBenchException.BadInput("a file over 4 MiB", "a bench.yaml of at most 4 MiB", "Is this the right file?", path);

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
