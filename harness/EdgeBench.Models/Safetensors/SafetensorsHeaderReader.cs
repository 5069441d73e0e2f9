using System.Text.Json;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Safetensors;

/// <summary>Reads the JSON of a header token by token: what is not expected is refused where it stands, and nothing is built that is not kept.</summary>
internal ref struct SafetensorsHeaderReader(ReadOnlySpan<byte> json, string path)
{
    private const int TensorLimit = 1 << 17;
    private const int MetadataLimit = 1 << 16;
    private const int DimensionLimit = 16;

    // Deeper nesting has no place in a header.
    private Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = 4 });

    public List<SafetensorsTensor> Tensors { get; } = [];

    /// <summary>Byte of the JSON at which each tensor's entry starts.</summary>
    public List<long> Positions { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public readonly long Position => _json.TokenStartIndex;

    public void Read()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, "the header");
        while (NextName() is { } name)
        {
            if (!names.Add(name)) throw Refused($"{FileErrors.Quoted(name)} occurs twice", "each name once");
            if (name == "__metadata__")
            {
                ReadMetadata();
                continue;
            }
            if (Tensors.Count == TensorLimit) throw Refused($"more than {TensorLimit} tensors", $"at most {TensorLimit}");
            Positions.Add(Position);
            Tensors.Add(ReadTensor(name));
        }
        if (_json.Read()) throw Refused("there is more after the header's object", "only spaces");
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, "'__metadata__'");
        while (NextName() is { } key)
        {
            Expect(JsonTokenType.String, $"'__metadata__' entry {FileErrors.Quoted(key)}");
            if (Metadata.Count == MetadataLimit) throw Refused($"more than {MetadataLimit} entries of '__metadata__'", $"at most {MetadataLimit}");
            if (!Metadata.TryAdd(key, _json.GetString()!)) throw Refused($"'__metadata__' entry {FileErrors.Quoted(key)} occurs twice", "each name once");
        }
    }

    private SafetensorsTensor ReadTensor(string name)
    {
        string quoted = FileErrors.Quoted(name);
        SafetensorsDtype? dtype = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, $"tensor {quoted}");
        while (NextName() is { } key)
        {
            bool repeated = key switch { "dtype" => dtype is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (repeated) throw Refused($"{FileErrors.Quoted(key)} of tensor {quoted} occurs twice", "each key once");
            switch (key)
            {
                case "dtype": dtype = ReadDtype(quoted); break;
                case "shape": shape = ReadNumbers($"the shape of tensor {quoted}", DimensionLimit); break;
                case "data_offsets": offsets = ReadNumbers($"'data_offsets' of tensor {quoted}", 2); break;
                default: throw Refused($"key {FileErrors.Quoted(key)} of tensor {quoted}", "dtype, shape and data_offsets");
            }
        }
        if (dtype is null || shape is null || offsets is not { Count: 2 })
            throw Refused($"tensor {quoted} lacks its dtype, shape or two data_offsets", "all three");
        return Checked(name, quoted, dtype.Value, shape, offsets[0], offsets[1]);
    }

    private readonly SafetensorsTensor Checked(string name, string quoted, SafetensorsDtype dtype, List<long> shape, long begin, long end)
    {
        if (end < begin) throw Refused($"tensor {quoted} has the data_offsets [{begin}, {end}]", "an end at or after the start");
        try
        {
            long elements = shape.Contains(0) ? 0 : shape.Aggregate(1L, (product, next) => checked(product * next));
            long bytes = checked(elements * dtype.Bytes());
            return bytes == end - begin
                ? new SafetensorsTensor(name, dtype, shape, begin, bytes, elements)
                : throw Refused($"tensor {quoted} has data_offsets of {end - begin} bytes", $"{bytes}, as {dtype} and shape [{string.Join(", ", shape)}] take");
        }
        catch (OverflowException)
        {
            throw Refused($"tensor {quoted} has the shape [{string.Join(", ", shape)}]", "at most 2⁶³ - 1 bytes");
        }
    }

    private SafetensorsDtype ReadDtype(string quoted)
    {
        Expect(JsonTokenType.String, $"the dtype of tensor {quoted}");
        string name = _json.GetString()!;
        return SafetensorsDtypes.Find(name)
            ?? throw Refused($"tensor {quoted} has the unknown dtype {FileErrors.Quoted(name)}", $"one of {string.Join(", ", Enum.GetNames<SafetensorsDtype>())}");
    }

    private List<long> ReadNumbers(string what, int limit)
    {
        List<long> numbers = [];
        Expect(JsonTokenType.StartArray, what);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                throw Refused($"{what} holds {Shown()}", $"whole numbers from 0 to {long.MaxValue}");
            if (numbers.Count == limit) throw Refused($"{what} has more than {limit} numbers", $"at most {limit}");
            numbers.Add(number);
        }
        return numbers;
    }

    private string? NextName()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.PropertyName ? _json.GetString() : null;
    }

    private void Expect(JsonTokenType type, string what)
    {
        _json.Read();
        if (_json.TokenType != type) throw Refused($"{what} is {Shown()}", $"{(type == JsonTokenType.StartObject ? "an object" : type == JsonTokenType.StartArray ? "an array" : "a text")}");
    }

    private readonly string Shown() => _json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => FileErrors.Quoted(System.Text.Encoding.ASCII.GetString(_json.ValueSpan[..Math.Min(40, _json.ValueSpan.Length)])),
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private readonly Exception Refused(string found, string expected) => SafetensorsHeader.At(path, 8 + Position, found, expected);
}
