using System.Buffers.Binary;

namespace EdgeBench.Models.Gguf;

/// <summary>All of a file but its data, checked: every tensor lies inside the file and overlaps no other.</summary>
internal sealed record GgufHeader(int Version, OrderedDictionary<string, GgufValue> Metadata, IReadOnlyList<GgufTensor> Tensors)
{
    public const uint Magic = 0x4655_4747;

    public const int DefaultAlignment = 32;

    public const string AlignmentKey = "general.alignment";

    /// <summary>Entries of metadata; published files have below 100.</summary>
    private const int EntryLimit = 1 << 16;

    /// <summary>Tensors; the largest published files have some thousands.</summary>
    private const int TensorLimit = 1 << 17;

    public static GgufHeader Read(HeaderBytes header, string path)
    {
        int version = ReadVersion(header, path);
        GgufReader reader = new(header, path);
        reader.UInt64("magic and version");
        int tensorCount = Limited(reader, "number of tensors", TensorTable.SmallestEntry, TensorLimit, path);
        int metadataCount = Limited(reader, "number of metadata entries", 13, EntryLimit, path);
        OrderedDictionary<string, GgufValue> metadata = ReadMetadata(reader, metadataCount, path);
        IReadOnlyList<GgufTensor> tensors = TensorTable.Read(reader, tensorCount, Alignment(metadata, path), header.FileBytes, path);
        return new GgufHeader(version, metadata, tensors);
    }

    private static int Limited(GgufReader reader, string what, int smallest, int limit, string path)
    {
        int at = reader.Position, count = reader.Count(what, smallest);
        return count <= limit ? count : throw GgufErrors.At(path, at, $"{what} is {count}", $"at most {limit}");
    }

    private static int ReadVersion(HeaderBytes header, string path)
    {
        ReadOnlySpan<byte> start = header.At(0, Math.Min(512, header.Length));
        if (start.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(start) != Magic)
        {
            (string found, string remedy) = ForeignFile.Describe(start, header.FileBytes);
            throw GgufErrors.At(path, 0, $"this is {found}", "a GGUF file (first bytes 'GGUF')", remedy);
        }
        if (start.Length < 8) throw GgufErrors.At(path, 4, $"the file ends after {start.Length} bytes", "a version, 4 bytes");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        if (version is 2 or 3) return (int)version;
        uint swapped = BinaryPrimitives.ReverseEndianness(version);
        if (swapped is 2 or 3)
        {
            throw GgufErrors.At(path, 4, "the file is big-endian", "a little-endian GGUF file",
                "Convert it with llama.cpp's gguf_convert_endian.py.");
        }
        throw GgufErrors.At(path, 4, $"GGUF version {version}", "version 2 or 3", "Convert the model again with a current llama.cpp.");
    }

    private static OrderedDictionary<string, GgufValue> ReadMetadata(GgufReader reader, int count, string path)
    {
        OrderedDictionary<string, GgufValue> metadata = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            int at = reader.Position;
            string key = reader.Text($"key of metadata entry {i}");
            if (key.Length is 0 or > 65535) throw GgufErrors.At(path, at, $"a metadata key of {key.Length} letters", "1 to 65535 letters");
            if (!metadata.TryAdd(key, reader.Value(GgufErrors.Quoted(key))))
                throw GgufErrors.At(path, at, $"metadata key {GgufErrors.Quoted(key)} occurs twice", "each key once");
        }
        return metadata;
    }

    private static int Alignment(OrderedDictionary<string, GgufValue> metadata, string path)
    {
        if (!metadata.TryGetValue(AlignmentKey, out GgufValue? value)) return DefaultAlignment;
        return value.Raw is uint alignment && alignment is > 0 and <= 1 << 20 && uint.IsPow2(alignment)
            ? (int)alignment
            : throw GgufErrors.At(path, 24, $"{AlignmentKey} is {value} ({value.Type})", "a power of two up to 1048576 (UInt32)");
    }
}
