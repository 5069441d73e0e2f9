using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Tokenizers.Llama;

/// <summary>The tokenizer's part of a GGUF file's metadata, with typed errors that name the key.</summary>
internal sealed class GgufTokenizerMetadata(IReadOnlyDictionary<string, GgufValue> metadata, string path)
{
    private const string Prefix = "tokenizer.ggml.";

    public string? Text(string key) => Optional(key, value => value.AsText(), "text");

    public bool? Flag(string name) => Optional(Prefix + name, value => value.AsBoolean(), "true or false");

    /// <summary>A token id, or null where the file has none or one beyond the vocabulary, which llama.cpp ignores.</summary>
    public int? Token(string name, int vocabulary) =>
        Optional(Prefix + name, value => value.AsInteger(), "a token id") is { } id && id >= 0 && id < vocabulary ? (int)id : null;

    public string[] Texts(string name) => Optional(Prefix + name, value => value.AsArray()?.AsTexts(), "a list of texts")
        ?? throw Missing(name, "a list of texts");

    /// <summary>One number a token, or null where the file has none.</summary>
    public double[]? Scores(int count)
    {
        Array? given = Optional(Prefix + "scores", value => value.AsArray()?.Elements, "a list of numbers");
        return Checked("scores", count, given switch
        {
            null => null,
            float[] floats => Array.ConvertAll(floats, number => (double)number),
            int[] integers => Array.ConvertAll(integers, number => (double)(float)number),
            _ => throw Wrong("scores", "float32 or int32 numbers"),
        });
    }

    public int[]? Types(int count)
    {
        Array? given = Optional(Prefix + "token_type", value => value.AsArray()?.Elements, "a list of numbers");
        return Checked("token_type", count, given switch
        {
            null => null,
            int[] integers => integers,
            _ => throw Wrong("token_type", "int32 numbers"),
        });
    }

    /// <summary>Bytes of an array of 8-bit numbers, or null.</summary>
    public byte[]? Bytes(string name) => Optional(Prefix + name, value => value.AsArray()?.Elements, "a list of bytes") switch
    {
        null => null,
        sbyte[] signed => Array.ConvertAll(signed, number => unchecked((byte)number)),
        byte[] bytes => bytes,
        _ => throw Wrong(name, "8-bit numbers"),
    };

    public EdgeBenchException Wrong(string name, string expected) =>
        EdgeBenchException.BadInput("another kind of value", expected, "Convert the model again.", path, Prefix + name);

    public EdgeBenchException Refused(string offender, string expected, string remedy) =>
        EdgeBenchException.BadInput(offender, expected, remedy, path);

    private EdgeBenchException Missing(string name, string expected) =>
        EdgeBenchException.BadInput("no such key", expected, "Convert the model again, with its tokenizer.", path, Prefix + name);

    private T[]? Checked<T>(string name, int count, T[]? values) => values is null || values.Length >= count
        ? values
        : throw EdgeBenchException.BadInput($"{values.Length} values", $"one for each of the {count} tokens", "Convert the model again.", path, Prefix + name);

    private T? Optional<T>(string key, Func<GgufValue, T?> read, string expected)
        where T : class
    {
        if (!metadata.TryGetValue(key, out GgufValue? value)) return null;
        return read(value) ?? throw EdgeBenchException.BadInput($"a value of type {value.Type}", expected, "Convert the model again.", path, key);
    }

    private T? Optional<T>(string key, Func<GgufValue, T?> read, string expected)
        where T : struct
    {
        if (!metadata.TryGetValue(key, out GgufValue? value)) return null;
        return read(value) ?? throw EdgeBenchException.BadInput($"a value of type {value.Type}", expected, "Convert the model again.", path, key);
    }
}
