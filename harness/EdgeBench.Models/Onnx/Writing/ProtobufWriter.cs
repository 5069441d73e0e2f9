using System.Buffers.Binary;
using System.Text;

namespace EdgeBench.Models.Onnx.Writing;

/// <summary>One message in protobuf's wire format, in memory. Weights never pass through here: they are streamed by <see cref="OnnxFile"/>.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, Delimited = 2, Fixed32 = 5;

    private readonly MemoryStream _bytes = new();

    public long Length => _bytes.Length;

    public ProtobufWriter Integer(int field, long value)
    {
        Tag(field, Varint);
        Number((ulong)value);
        return this;
    }

    public ProtobufWriter Single(int field, float value)
    {
        Tag(field, Fixed32);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        _bytes.Write(four);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Head(field, value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtobufWriter Message(int field, ProtobufWriter message)
    {
        Head(field, message.Length);
        message._bytes.WriteTo(_bytes);
        return this;
    }

    /// <summary>Tag and length of a field whose content follows from elsewhere.</summary>
    public ProtobufWriter Head(int field, long length)
    {
        Tag(field, Delimited);
        Number((ulong)length);
        return this;
    }

    /// <summary>The fields of another message as fields of this one.</summary>
    public ProtobufWriter Fields(ProtobufWriter message)
    {
        message._bytes.WriteTo(_bytes);
        return this;
    }

    public void WriteTo(Stream stream) => _bytes.WriteTo(stream);

    private void Tag(int field, int wire) => Number((ulong)((field << 3) | wire));

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
