using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeBench.Models.Gguf;

/// <summary>
/// A cursor over a file's header. Nothing is read past its end, and nothing is allocated on the word of a length that the remaining bytes
/// cannot hold. All that a header makes stays below 256 MB of memory.
/// </summary>
internal sealed class GgufReader(HeaderBytes header, string path)
{
    /// <summary>Metadata and tensor list together; the largest published ones take about 20 MB.</summary>
    public const int HeaderLimit = 64 << 20;

    /// <summary>Texts and inner arrays in all arrays together: each costs memory beyond its bytes. The largest published vocabularies have 0.8 million.</summary>
    public const int ObjectLimit = 1 << 21;

    /// <summary>Arrays in arrays in …; published files have none.</summary>
    private const int NestingLimit = 4;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _objects;

    public int Position { get; private set; }

    public int Remaining => header.Length - Position;

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>A count of things that take at least <paramref name="smallest"/> bytes each.</summary>
    public int Count(string what, int smallest)
    {
        int at = Position;
        ulong count = UInt64(what);
        return count <= (ulong)(Remaining / smallest)
            ? (int)count
            : throw GgufErrors.At(path, at, $"{what} is {count}", $"at most {Remaining / smallest}, which the {Remaining} bytes after it can hold");
    }

    public string Text(string what)
    {
        int length = Count($"length of {what}", 1);
        int at = Position;
        try
        {
            return s_strict.GetString(Take(length, what));
        }
        catch (DecoderFallbackException error)
        {
            throw GgufErrors.At(path, at + error.Index, $"{what} is not valid UTF-8", "UTF-8 text");
        }
    }

    public GgufValue Value(string key)
    {
        GgufValueType type = ValueType($"type of {key}");
        return new GgufValue(type, type == GgufValueType.Array ? ReadArray(key, 1) : Scalar(type, key));
    }

    private GgufValueType ValueType(string what)
    {
        int at = Position;
        uint number = UInt32(what);
        return number <= (uint)GgufValueType.Float64
            ? (GgufValueType)number
            : throw GgufErrors.At(path, at, $"{what} is {number}", $"a value type from 0 to {(uint)GgufValueType.Float64}");
    }

    private object Scalar(GgufValueType type, string key) => type switch
    {
        GgufValueType.UInt8 => Take(1, key)[0],
        GgufValueType.Int8 => (sbyte)Take(1, key)[0],
        GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, key)),
        GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(Take(2, key)),
        GgufValueType.UInt32 => UInt32(key),
        GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Take(4, key)),
        GgufValueType.UInt64 => UInt64(key),
        GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(Take(8, key)),
        GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(Take(4, key)),
        GgufValueType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, key)),
        GgufValueType.Bool => Boolean(key),
        _ => Text(key),
    };

    private bool Boolean(string key)
    {
        int at = Position;
        byte value = Take(1, key)[0];
        return value <= 1 ? value == 1 : throw GgufErrors.At(path, at, $"{key} is the truth value {value}", "0 or 1");
    }

    private GgufArray ReadArray(string key, int depth)
    {
        int at = Position;
        if (depth > NestingLimit) throw GgufErrors.At(path, at, $"{key} holds arrays nested deeper than {NestingLimit}", "flat arrays");
        GgufValueType type = ValueType($"element type of {key}");
        return new GgufArray(type, type switch
        {
            GgufValueType.UInt8 => Elements<byte>(key),
            GgufValueType.Int8 => Elements<sbyte>(key),
            GgufValueType.UInt16 => Elements<ushort>(key),
            GgufValueType.Int16 => Elements<short>(key),
            GgufValueType.UInt32 => Elements<uint>(key),
            GgufValueType.Int32 => Elements<int>(key),
            GgufValueType.UInt64 => Elements<ulong>(key),
            GgufValueType.Int64 => Elements<long>(key),
            GgufValueType.Float32 => Elements<float>(key),
            GgufValueType.Float64 => Elements<double>(key),
            GgufValueType.Bool => Booleans(key),
            GgufValueType.Array => Arrays(key, depth),
            _ => Texts(key),
        });
    }

    private unsafe T[] Elements<T>(string key)
        where T : unmanaged
    {
        T[] values = new T[Count($"length of {key}", sizeof(T))];
        header.CopyTo(Position, MemoryMarshal.AsBytes(values.AsSpan()));
        Position += values.Length * sizeof(T);
        return values;
    }

    // Lists grow with what was really read: a count alone allocates nothing.
    private bool[] Booleans(string key)
    {
        int count = Count($"length of {key}", 1);
        List<bool> values = [];
        for (int i = 0; i < count; i++) values.Add(Boolean(key));
        return [.. values];
    }

    private string[] Texts(string key)
    {
        int count = Objects(key, 8);
        List<string> values = [];
        for (int i = 0; i < count; i++, _objects++) values.Add(Text(key));
        return [.. values];
    }

    private GgufArray[] Arrays(string key, int depth)
    {
        int count = Objects(key, 12);
        List<GgufArray> values = [];
        for (int i = 0; i < count; i++, _objects++) values.Add(ReadArray(key, depth + 1));
        return [.. values];
    }

    private int Objects(string key, int smallest)
    {
        int at = Position, count = Count($"length of {key}", smallest);
        return count <= ObjectLimit - _objects
            ? count
            : throw GgufErrors.At(path, at, $"{key} and the arrays before it hold {(long)_objects + count} texts or arrays", $"at most {ObjectLimit} in the whole header");
    }

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Remaining)
        {
            throw header.Length == header.FileBytes
                ? GgufErrors.At(path, Position, $"the file ends {Remaining} bytes further on", $"{what}, {count} bytes")
                : GgufErrors.At(path, Position, $"the header is longer than {HeaderLimit} bytes", $"at most {HeaderLimit}");
        }
        ReadOnlySpan<byte> taken = header.At(Position, count);
        Position += count;
        return taken;
    }
}
