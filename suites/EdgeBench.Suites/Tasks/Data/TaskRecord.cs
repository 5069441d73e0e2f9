using System.Text.Json;

namespace EdgeBench.Suites.Tasks.Data;

/// <summary>One JSON object of a task's data file.</summary>
/// <param name="Index">0-based place among the file's objects: the item's name in raw readings.</param>
/// <param name="Line">1-based line on which it begins.</param>
internal sealed record TaskRecord(int Index, int Line, JsonElement Json)
{
    /// <summary>The text of a field; numbers as they are written; null where there is none of that name or it is no text.</summary>
    public string? Text(string field) => Json.TryGetProperty(field, out JsonElement value) ? TextOf(value) : null;

    /// <summary>The first of several fields that holds a text, or null.</summary>
    public string? FirstText(params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
        {
            if (Text(field) is { } text) return text;
        }
        return null;
    }

    /// <summary>Names of its fields, for messages.</summary>
    public string Fields => Json.EnumerateObject().Any() ? string.Join(", ", Json.EnumerateObject().Take(12).Select(property => $"'{property.Name}'")) : "none";

    public static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
