using System.Text.Json;
using System.Text.Unicode;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Files;

/// <summary>JSON files of others: bounded in size, depth and number of values, all texts Unicode, no name twice in an object.</summary>
internal static class BoundedJson
{
    private const int DepthLimit = 64;

    /// <summary>Values and names in a document: each takes 12 bytes beside its text. The largest published tokenizer has below 2 million.</summary>
    private const int TokenLimit = 4_000_000;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) that names file, line and finding.</summary>
    public static JsonDocument Read(string path, int limit)
    {
        using MappedFile file = MappedFile.Open(path, "a JSON file");
        if (file.Length > limit) throw EdgeBenchException.BadInput($"the file has {file.Length} bytes", $"at most {limit}", "Check that it is the model's own file.", path);
        return Parse(file.Header(limit).At(0, (int)file.Length).ToArray(), path);
    }

    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string path)
    {
        if (json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) json = json[3..];
        try
        {
            Utf8JsonReader reader = new(json.Span, new JsonReaderOptions { MaxDepth = DepthLimit });
            int tokens = 0;
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsUnicode(reader))
                    throw EdgeBenchException.BadInput($"byte {reader.TokenStartIndex}: a text is not valid UTF-8 or holds half a surrogate pair", "Unicode text", "The file is damaged: fetch it again.", path);
                if (++tokens > TokenLimit) throw EdgeBenchException.BadInput($"more than {TokenLimit} values", $"at most {TokenLimit}", "Check that it is the model's own file.", path);
            }
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthLimit, AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new EdgeBenchException(ExitCode.BadInput, new Problem($"this is no JSON: {FileErrors.Quoted(error.Message)}", "a JSON document", "The file is damaged or cut off: fetch it again.")
            {
                File = path,
                Line = (int?)error.LineNumber + 1,
                Column = (int?)error.BytePositionInLine + 1,
            });
        }
    }

    private static bool IsUnicode(in Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return Utf8.IsValid(reader.ValueSpan);
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
