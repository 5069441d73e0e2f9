using System.Text;

namespace EdgeBench.Models.Onnx.Reading;

/// <summary>
/// Walks one message in protobuf's wire format without making an object of anything, so that a hostile file allocates nothing by its counts: a
/// generated parser makes one for every two bytes.
/// </summary>
/// <param name="data">The message.</param>
/// <param name="start">Its place in the file, for messages.</param>
internal ref struct ProtobufCursor(ReadOnlySpan<byte> data, long start, string path)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _data = data;
    private int _at;
    private int _wire;

    /// <summary>Number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>Place in the file.</summary>
    public readonly long Position => start + _at;

    /// <summary>Moves to the next field; false at the end. Each field must then be read or skipped.</summary>
    public bool Next()
    {
        if (_at == _data.Length) return false;
        ulong tag = Varint("a field's tag");
        (Field, _wire) = ((int)(tag >> 3), (int)(tag & 7));
        return tag >> 3 is > 0 and < 1 << 29 && _wire is 0 or 1 or 2 or 5
            ? true
            : throw OnnxErrors.At(path, Position, $"tag {tag} is no field of ONNX", "protobuf fields of ONNX");
    }

    public long Integer(string what)
    {
        Expect(0, what);
        return (long)Varint(what);
    }

    public ReadOnlySpan<byte> Bytes(string what)
    {
        Expect(2, what);
        ulong length = Varint($"length of {what}");
        if (length > (ulong)(_data.Length - _at))
            throw OnnxErrors.At(path, Position, $"{what} is {length} bytes long", $"at most the {_data.Length - _at} bytes that follow");
        ReadOnlySpan<byte> taken = _data.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    public string Text(string what, int longest)
    {
        ReadOnlySpan<byte> bytes = Bytes(what);
        long place = Position - bytes.Length;
        if (bytes.Length > longest) throw OnnxErrors.At(path, place, $"{what} is {bytes.Length} bytes long", $"at most {longest}");
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw OnnxErrors.At(path, place, $"{what} is not valid UTF-8", "UTF-8 text");
        }
    }

    public ProtobufCursor Message(string what)
    {
        ReadOnlySpan<byte> bytes = Bytes(what);
        return new ProtobufCursor(bytes, Position - bytes.Length, path);
    }

    /// <summary>Whether the field is a message, a text or a packed list.</summary>
    public readonly bool IsMessage => _wire == 2;

    /// <summary>The numbers of a repeated field: packed, or the one that this occurrence holds.</summary>
    public void Integers(string what, List<long> to, int most)
    {
        if (_wire == 0)
        {
            Add(Integer(what), what, to, most);
            return;
        }
        ProtobufCursor list = Message(what);
        while (list._at < list._data.Length) Add((long)list.Varint(what), what, to, most);
    }

    public void Skip()
    {
        int length = _wire switch { 1 => 8, 5 => 4, _ => 0 };
        if (_wire == 0) Varint("a field's value");
        else if (_wire == 2) Bytes("a field");
        else if (length > _data.Length - _at) throw OnnxErrors.At(path, Position, $"the message ends after {_data.Length - _at} bytes", $"{length} bytes");
        else _at += length;
    }

    private readonly void Add(long value, string what, List<long> to, int most)
    {
        if (to.Count == most) throw OnnxErrors.At(path, Position, $"{what} has more than {most} values", $"at most {most}");
        to.Add(value);
    }

    private readonly void Expect(int wire, string what)
    {
        if (_wire != wire) throw OnnxErrors.At(path, Position, $"{what} has wire type {_wire}", $"wire type {wire}");
    }

    private ulong Varint(string what)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_at == _data.Length) throw OnnxErrors.At(path, Position, $"the message ends within {what}", "a whole number");
            byte next = _data[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw OnnxErrors.At(path, Position, $"{what} is longer than ten bytes", "a number of at most 64 bits");
    }
}
