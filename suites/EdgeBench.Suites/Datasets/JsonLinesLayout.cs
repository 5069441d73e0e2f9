using System.Text.Json;

namespace EdgeBench.Suites.Datasets;

/// <summary>A JSON object a line: <c>prompt</c> and <c>completion</c>, or <c>text</c> and <c>label</c>; further fields are left alone.</summary>
internal sealed class JsonLinesLayout : IDatasetLayout
{
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public string Name => "jsonl";

    public string Expected => "one JSON object a line with 'prompt' and 'completion', or with 'text' and 'label'";

    public (bool Labelled, IReadOnlyList<DatasetItem> Items) Read(DatasetFile file, IReadOnlyList<string> parts)
    {
        List<DatasetItem> items = [];
        bool? labelled = null;
        foreach ((int number, string line) in file.Lines())
        {
            if (Parse(file, number, line) is not { } found) continue;
            if (labelled is { } others && others != found.Labelled) file.Refuse(number, "an item of another kind than those before it", Expected);
            else if (file.Item(found.Text, found.Answer, number) is { } item) items.Add(item);
            labelled ??= found.Labelled;
        }
        return (labelled ?? false, items);
    }

    private (bool Labelled, string Text, string Answer)? Parse(DatasetFile file, int number, string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, s_json);
            JsonElement root = document.RootElement;
            if (Field(root, "prompt") is { } prompt && Field(root, "completion") is { } completion) return (false, prompt, completion);
            if (Field(root, "text") is { } text && Field(root, "label") is { } label) return (true, text, label);
            file.Refuse(number, root.ValueKind == JsonValueKind.Object ? $"an object with {string.Join(", ", root.EnumerateObject().Take(8).Select(field => $"'{field.Name}'"))}" : $"a JSON {root.ValueKind}", Expected);
        }
        catch (JsonException error)
        {
            file.Refuse(number, $"no JSON at byte {error.BytePositionInLine}", Expected);
        }
        catch (InvalidOperationException)
        {
            file.Refuse(number, "a text with half a surrogate pair", "Unicode text");
        }
        return null;
    }

    private static string? Field(JsonElement root, string name) => root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };
}
