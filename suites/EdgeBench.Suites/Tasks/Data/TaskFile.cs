using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using EdgeBench.Core.Problems;
using EdgeBench.Suites.Datasets;

namespace EdgeBench.Suites.Tasks.Data;

/// <summary>A task's data: JSON objects, one a line (JSONL), or one JSON array of objects.</summary>
/// <param name="Sha256">Of the file's bytes.</param>
/// <param name="Bytes">Of the file.</param>
internal sealed record TaskFile(string Path, IReadOnlyList<TaskRecord> Records, string Sha256, int Bytes)
{
    private const int MostDepth = 16;

    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a file that cannot be read, is empty, or holds lines that are no JSON objects.</summary>
    public static TaskFile Read(string path)
    {
        byte[] bytes = DataBytes.Read(path, "Keep the items that are scored.");
        DataProblems problems = new(path);
        ReadOnlyMemory<byte> text = DataBytes.Text(bytes);
        if (!Utf8.IsValid(text.Span)) problems.Add(null, "bytes that are no UTF-8", "a text in UTF-8", "Convert the file to UTF-8.");
        problems.Throw();
        bool array = text.Span.TrimStart(" \t\r\n"u8).StartsWith("["u8);
        List<TaskRecord> records = array ? Elements(text, problems) : Lines(text, problems);
        if (records.Count == 0 && !problems.Full) problems.Add(null, "a file without items", "one JSON object on each line", "Give a file with data.");
        problems.Throw();
        return new(path, records, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }

    private static List<TaskRecord> Lines(ReadOnlyMemory<byte> text, DataProblems problems)
    {
        List<TaskRecord> records = [];
        int number = 0;
        foreach (Range range in text.Span.Split((byte)'\n'))
        {
            number++;
            ReadOnlyMemory<byte> line = text[range];
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            Add(line, number, records, problems);
            if (problems.Full) break;
        }
        return records;
    }

    private static List<TaskRecord> Elements(ReadOnlyMemory<byte> text, DataProblems problems)
    {
        List<TaskRecord> records = [];
        Utf8JsonReader reader = new(text.Span, new JsonReaderOptions { MaxDepth = MostDepth });
        int line = 1, counted = 0;
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                line += text.Span[counted..start].Count((byte)'\n');
                counted = start;
                reader.Skip();
                Add(text[start..(int)reader.BytesConsumed], line, records, problems);
                if (problems.Full) return records;
            }
            if (reader.Read()) problems.Add(null, "more than one JSON value", "one array of objects, or one object on each line");
        }
        catch (JsonException error)
        {
            problems.Add((int)(error.LineNumber ?? 0) + 1, $"no JSON: {Words(error)}", "an array of JSON objects", column: (int)(error.BytePositionInLine ?? 0) + 1);
        }
        return records;
    }

    private static void Add(ReadOnlyMemory<byte> json, int line, List<TaskRecord> records, DataProblems problems)
    {
        try
        {
            JsonElement root = JsonDocument.Parse(json, s_json).RootElement;
            if (root.ValueKind == JsonValueKind.Object) records.Add(new(records.Count, line, root));
            else problems.Add(line, $"a JSON {root.ValueKind.ToString().ToLowerInvariant()}", "a JSON object: { \"field\": value, … }");
        }
        catch (JsonException error)
        {
            problems.Add(line, $"no JSON: {Words(error)}", "a JSON object on one line, or an array of objects", column: (int)(error.BytePositionInLine ?? 0) + 1);
        }
    }

    // Without the place, which the problem tells by itself.
    private static string Words(JsonException error) => error.Message.Split(" Path:", 2)[0].Split(" LineNumber:", 2)[0].TrimEnd('.');
}
