using System.Buffers.Binary;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Tflite;

/// <summary>
/// A table of a FlatBuffer (https://flatbuffers.dev/internals/): little-endian, fields found through a table of offsets of 16 bits. Every offset is
/// checked against the file before it is followed; throws <see cref="EdgeBenchException"/> (bad input) with the place.
/// </summary>
internal readonly struct FlatTable
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly string _path;
    private readonly long _at, _fields;
    private readonly int _fieldBytes;

    private FlatTable(ReadOnlyMemory<byte> file, string path, long at)
    {
        (_file, _path, _at) = (file, path, at);
        _fields = at - Signed(at);
        _fieldBytes = Short(_fields);
        if (_fieldBytes < 4) throw Broken(_fields, "a table of fields of 4 bytes at least");
    }

    /// <summary>The table that the file's first offset names.</summary>
    public static FlatTable Root(ReadOnlyMemory<byte> file, string path) => new(file, path, new Reader(file, path).Unsigned(0));

    /// <summary>Bytes of a vector, or 0 where the field is absent.</summary>
    public long VectorBytes(int field) => Vector(field, 1).Count;

    public uint Unsigned(int field) => Field(field) is { } at ? new Reader(_file, _path).Unsigned(at) : 0;

    public ulong Long(int field)
    {
        if (Field(field) is not { } at) return 0;
        return BinaryPrimitives.ReadUInt64LittleEndian(new Reader(_file, _path).Span(at, 8));
    }

    public byte Byte(int field) => Field(field) is { } at ? new Reader(_file, _path).Span(at, 1)[0] : (byte)0;

    public IReadOnlyList<int> Integers(int field, int most)
    {
        (long at, int count) = Vector(field, 4);
        if (count > most) throw Broken(at, $"a list of at most {most}, not {count}");
        int[] values = new int[count];
        for (int i = 0; i < count; i++) values[i] = Signed(at + (4L * i));
        return values;
    }

    public IReadOnlyList<FlatTable> Tables(int field, int most)
    {
        (long at, int count) = Vector(field, 4);
        if (count > most) throw Broken(at, $"a list of at most {most}, not {count}");
        List<FlatTable> tables = new(Math.Min(count, 1024));
        for (int i = 0; i < count; i++)
        {
            long entry = at + (4L * i);
            tables.Add(new FlatTable(_file, _path, entry + new Reader(_file, _path).Unsigned(entry)));
        }
        return tables;
    }

    private (long At, int Count) Vector(int field, int elementBytes)
    {
        if (Field(field) is not { } at) return (0, 0);
        Reader reader = new(_file, _path);
        long vector = at + reader.Unsigned(at);
        uint count = reader.Unsigned(vector);
        reader.Span(vector + 4, (long)count * elementBytes);
        return (vector + 4, (int)count);
    }

    private long? Field(int field)
    {
        int entry = 4 + (2 * field);
        if (entry + 2 > _fieldBytes) return null;
        int offset = Short(_fields + entry);
        return offset == 0 ? null : _at + offset;
    }

    private int Signed(long at) => BinaryPrimitives.ReadInt32LittleEndian(new Reader(_file, _path).Span(at, 4));

    private int Short(long at) => BinaryPrimitives.ReadUInt16LittleEndian(new Reader(_file, _path).Span(at, 2));

    private EdgeBenchException Broken(long at, string expected) => new Reader(_file, _path).Broken(at, expected);

    private readonly struct Reader(ReadOnlyMemory<byte> file, string path)
    {
        public uint Unsigned(long at) => BinaryPrimitives.ReadUInt32LittleEndian(Span(at, 4));

        public ReadOnlySpan<byte> Span(long at, long bytes) =>
            at >= 0 && bytes >= 0 && at <= file.Length - bytes ? file.Span.Slice((int)at, (int)bytes) : throw Broken(at, $"{bytes} bytes inside the file's {file.Length}");

        public EdgeBenchException Broken(long at, string expected) =>
            EdgeBenchException.BadInput($"an offset to byte {at}", expected, "Fetch or convert the model again.", path, "flatbuffer");
    }
}
