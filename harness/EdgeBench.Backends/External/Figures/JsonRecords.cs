using System.Text.Json;

namespace EdgeBench.Backends.External.Figures;

/// <summary>JSON objects in a program's output: one document, or one a line.</summary>
internal static class JsonRecords
{
    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Every non-empty line as an object. Throws <see cref="ToolOutputException"/> for a line that is none.</summary>
    public static IReadOnlyList<JsonElement> Lines(string text)
    {
        List<JsonElement> records = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (!line.IsWhiteSpace()) records.Add(Object(Parse(line.ToString(), $"line {number}"), $"line {number}"));
        }
        return records;
    }

    /// <summary>A document that is an array of objects.</summary>
    public static IReadOnlyList<JsonElement> Array(string text, string what)
    {
        JsonElement top = Parse(text, what);
        if (top.ValueKind != JsonValueKind.Array) throw new ToolOutputException($"{what} is no JSON array: '{Numbers.Excerpt(text)}'");
        return [.. top.EnumerateArray().Select((item, i) => Object(item, $"{what} [{i}]"))];
    }

    private static JsonElement Parse(string text, string what)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, s_strict);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new ToolOutputException($"{what} is no JSON: '{Numbers.Excerpt(text)}'", exception);
        }
    }

    private static JsonElement Object(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.Object ? element : throw new ToolOutputException($"{what} is no JSON object: '{Numbers.Excerpt(element.GetRawText())}'");
}
