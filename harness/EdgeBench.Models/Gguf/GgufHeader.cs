using System.Buffers.Binary;

namespace EdgeBench.Models.Gguf;

/// <summary>All of a file but its data, checked: every tensor lies inside the file and overlaps no other.</summary>
internal sealed record GgufHeader(int Version, OrderedDictionary<string, GgufValue> Metadata, IReadOnlyList<GgufTensor> Tensors)
{
    public const uint Magic = 0x4655_4747;

    public const int DefaultAlignment = 32;

    public const string AlignmentKey = "general.alignment";

    /// <param name="start">The file's first bytes: all of it, or as much as a header may take.</param>
    public static GgufHeader Read(ReadOnlySpan<byte> start, long fileBytes, string path)
    {
        int version = ReadVersion(start, fileBytes, path);
        GgufReader reader = new(start, path, complete: start.Length == fileBytes);
        reader.UInt64("magic and version");
        int tensorCount = reader.Count("number of tensors", TensorTable.SmallestEntry);
        int metadataCount = reader.Count("number of metadata entries", 13);
        OrderedDictionary<string, GgufValue> metadata = ReadMetadata(ref reader, metadataCount, path);
        IReadOnlyList<GgufTensor> tensors = TensorTable.Read(ref reader, tensorCount, Alignment(metadata, path), fileBytes, path);
        return new GgufHeader(version, metadata, tensors);
    }

    private static int ReadVersion(ReadOnlySpan<byte> start, long fileBytes, string path)
    {
        if (start.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(start) != Magic)
        {
            (string found, string remedy) = ForeignFile.Describe(start[..Math.Min(512, start.Length)], fileBytes);
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

    private static OrderedDictionary<string, GgufValue> ReadMetadata(ref GgufReader reader, int count, string path)
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
