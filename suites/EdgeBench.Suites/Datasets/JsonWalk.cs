using System.Text.Json;

namespace EdgeBench.Suites.Datasets;

/// <summary>Reads a JSON file token by token, so that an item knows its line.</summary>
internal static class JsonWalk
{
    private const int MostDepth = 16;

    public delegate void Step(ref Utf8JsonReader reader);

    /// <summary>Tells the file of the line where the JSON is broken or is not what <paramref name="step"/> looks for.</summary>
    public static void Over(DatasetFile file, string expected, Step step)
    {
        Utf8JsonReader reader = new(file.Bytes.Span, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            step(ref reader);
            if (!file.Full && reader.Read()) throw new JsonException();
        }
        catch (JsonException error)
        {
            int line = error.LineNumber is { } found ? (int)found + 1 : file.LineOf(reader.TokenStartIndex);
            file.Refuse(line, error.LineNumber is null ? $"a JSON {reader.TokenType} there" : "broken JSON", expected, "Fetch the file again.");
        }
        catch (InvalidOperationException)
        {
            file.Refuse(file.LineOf(reader.TokenStartIndex), "a text with half a surrogate pair", "Unicode text", "Fetch the file again.");
        }
    }

    public static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException();

    public static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        Next(ref reader);
        Require(ref reader, type);
    }

    public static void Require(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type) throw new JsonException();
    }
}
