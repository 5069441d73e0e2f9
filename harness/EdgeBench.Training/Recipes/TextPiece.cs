using System.Text;
using EdgeBench.Core.Problems;

namespace EdgeBench.Training.Recipes;

/// <summary>A text of a file that is learnt as it is.</summary>
/// <param name="Line">1-based line on which it begins.</param>
internal sealed record TextPiece(string Text, int Line)
{
    private const long MostBytes = 1L << 30;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a file that cannot be read, is too large, no UTF-8, or without a text.</summary>
    public static IReadOnlyList<TextPiece> Read(string path, TextPieces pieces)
    {
        string text;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes } large) throw EdgeBenchException.BadInput($"{large.Length:N0} bytes of text", $"at most {MostBytes:N0}", "Split it.", path);
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw EdgeBenchException.BadInput($"byte {error.Index} starts no valid character", "UTF-8 text", "Convert the file to UTF-8.", path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"unreadable: {error.Message}", "a text file", "Check the path.", path);
        }
        IReadOnlyList<TextPiece> found = pieces switch
        {
            TextPieces.Whole => string.IsNullOrWhiteSpace(text) ? [] : [new(text, 1)],
            TextPieces.Lines => [.. text.Split('\n').Select((line, i) => new TextPiece(line.TrimEnd('\r'), i + 1)).Where(piece => !string.IsNullOrWhiteSpace(piece.Text))],
            _ => Paragraphs(text),
        };
        return found.Count > 0 ? found : throw EdgeBenchException.BadInput("a file without a text", "one text at least", "Give a file with text.", path);
    }

    private static List<TextPiece> Paragraphs(string text)
    {
        List<TextPiece> found = [];
        List<string> lines = [];
        int number = 0, first = 0;
        foreach (string line in text.Split('\n').Append(""))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                if (lines.Count == 0) first = number;
                lines.Add(line.TrimEnd('\r'));
            }
            else if (lines.Count > 0)
            {
                found.Add(new(string.Join('\n', lines), first));
                lines.Clear();
            }
        }
        return found;
    }
}
