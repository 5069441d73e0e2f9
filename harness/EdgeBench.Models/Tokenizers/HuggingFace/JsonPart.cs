using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>An element of a JSON file with its place, for typed errors.</summary>
internal readonly record struct JsonPart(JsonElement Element, string File, string Place)
{
    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The value of a key; null parts stand for keys that are not there.</summary>
    public JsonPart this[string key] => new(Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(key, out JsonElement value) ? value : default, File,
        Place.Length == 0 ? key : $"{Place}.{key}");

    /// <summary><c>type</c> of an element that has one.</summary>
    public string Type => this["type"].Text() ?? throw Refused("no 'type'", "an element with its type");

    public static JsonPart Read(string file)
    {
        try
        {
            return Parse(System.IO.File.ReadAllBytes(file), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput(error.Message, "a file that can be read", "Check its permissions.", file);
        }
    }

    /// <param name="file">For messages.</param>
    public static JsonPart Parse(byte[] json, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            JsonElement root = document.RootElement.Clone();
            ReadTexts(root);
            return new JsonPart(root, file, "");
        }
        catch (InvalidOperationException error)
        {
            throw EdgeBenchException.BadInput(error.Message, "texts of well-formed Unicode", "Fetch the file again.", file);
        }
        catch (JsonException error)
        {
            throw new EdgeBenchException(ExitCode.BadInput, new Problem($"not JSON: {error.Message}", "a JSON file", "Fetch it again.")
            {
                File = file,
                Line = (int?)error.LineNumber + 1,
            }, error);
        }
    }

    public string? Text() => IsNull ? null : Element.ValueKind == JsonValueKind.String ? Element.GetString() : throw Refused($"{Element.ValueKind}", "text");

    /// <summary>One code point, as the tokenizers library's <c>char</c> fields are.</summary>
    public string Letter(string? otherwise = null)
    {
        string text = Text() ?? otherwise ?? throw Refused("nothing", "one letter");
        return Rune.DecodeFromUtf16(text, out _, out int units) == OperationStatus.Done && units == text.Length ? text : throw Refused($"{text.Length} UTF-16 units", "one letter");
    }

    public bool Flag(bool otherwise) => IsNull ? otherwise : Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Refused($"{Element.ValueKind}", "true or false"),
    };

    public int? Integer() => IsNull ? null
        : Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) ? value : throw Refused(Shown, "a whole number");

    public double Number() => Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out double value) ? value : throw Refused(Shown, "a number");

    public IEnumerable<JsonPart> Items()
    {
        if (IsNull) yield break;
        if (Element.ValueKind != JsonValueKind.Array) throw Refused($"{Element.ValueKind}", "a list");
        int index = 0;
        foreach (JsonElement item in Element.EnumerateArray()) yield return new JsonPart(item, File, $"{Place}[{index++}]");
    }

    public IEnumerable<(string Key, JsonPart Value)> Entries()
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Refused(IsNull ? "nothing" : $"{Element.ValueKind}", "an object");
        foreach (JsonProperty entry in Element.EnumerateObject()) yield return (entry.Name, new JsonPart(entry.Value, File, $"{Place}.{entry.Name}"));
    }

    /// <summary>For what is in the file and not reproduced, or wrong.</summary>
    public EdgeBenchException Refused(string offender, string expected, string remedy = "Use a model with another tokenizer, or its GGUF file.") =>
        EdgeBenchException.BadInput(offender, expected, remedy, File, Place);

    public EdgeBenchException Unsupported(string kind, IEnumerable<string> supported) =>
        Refused($"{kind} {GgufErrors.Quoted(Type)} is not reproduced", $"one of {string.Join(", ", supported)}");

    private string Shown => Element.ValueKind == JsonValueKind.Number ? Element.GetRawText() : $"{Element.ValueKind}";

    // The parser takes broken escapes and bytes, and throws only where they are read: once, here.
    private static void ReadTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray()) ReadTexts(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty entry in element.EnumerateObject())
                {
                    _ = entry.Name;
                    ReadTexts(entry.Value);
                }
                break;
        }
    }
}
