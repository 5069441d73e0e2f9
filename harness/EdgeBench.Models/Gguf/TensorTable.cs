namespace EdgeBench.Models.Gguf;

/// <summary>The list of tensors in a header.</summary>
internal static class TensorTable
{
    /// <summary>Bytes of an entry with an empty name and one dimension.</summary>
    public const int SmallestEntry = 8 + 4 + 8 + 4 + 8;

    /// <summary>Bytes of a name: GGUF's specification.</summary>
    private const int NameLimit = 64;

    private const int DimensionLimit = 4;

    public static IReadOnlyList<GgufTensor> Read(GgufReader reader, int count, int alignment, long fileBytes, string path)
    {
        List<GgufTensor> tensors = [];
        List<int> positions = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            positions.Add(reader.Position);
            GgufTensor tensor = ReadEntry(reader, i, alignment, path);
            if (!names.Add(tensor.Name))
                throw GgufErrors.At(path, positions[i], $"tensor {GgufErrors.Quoted(tensor.Name)} occurs twice", "each name once");
            tensors.Add(tensor);
        }
        long dataStart = Align(reader.Position, alignment);
        for (int i = 0; i < count; i++) tensors[i] = Place(tensors[i], dataStart, fileBytes, positions[i], path);
        RefuseOverlap(tensors, positions, path);
        return tensors;
    }

    public static long Align(long position, int alignment) => (position + alignment - 1) & -alignment;

    private static GgufTensor ReadEntry(GgufReader reader, int index, int alignment, string path)
    {
        int at = reader.Position;
        string name = reader.Text($"name of tensor {index}");
        if (reader.Position - at - 8 is 0 or > NameLimit)
            throw GgufErrors.At(path, at, $"the name of tensor {index} takes {reader.Position - at - 8} bytes", $"1 to {NameLimit} bytes");
        string quoted = GgufErrors.Quoted(name);
        long[] dimensions = ReadDimensions(reader, quoted, path);
        at = reader.Position;
        GgmlType type = (GgmlType)reader.UInt32($"type of tensor {quoted}");
        if (GgmlTypes.Find(type) is not { } info)
        {
            throw GgufErrors.At(path, at, $"tensor {quoted} has the unknown type {(uint)type}", $"one of {string.Join(", ", GgmlTypes.All.Select(known => known.Name))}",
                "Convert the model again with a current llama.cpp, or to a type of this list.");
        }
        if (dimensions[0] % info.BlockSize != 0)
            throw GgufErrors.At(path, at, $"tensor {quoted} has rows of {dimensions[0]} elements", $"a multiple of {info.BlockSize} for {info.Name}");
        at = reader.Position;
        ulong offset = reader.UInt64($"offset of tensor {quoted}");
        if (offset > long.MaxValue || (long)offset % alignment != 0)
            throw GgufErrors.At(path, at, $"tensor {quoted} is at offset {offset}", $"a multiple of {alignment} inside the file");
        try
        {
            long elements = dimensions.Aggregate((product, next) => checked(product * next));
            return new GgufTensor(name, type, dimensions, (long)offset, type.Bytes(elements), elements);
        }
        catch (OverflowException)
        {
            throw GgufErrors.At(path, at, $"tensor {quoted} has the dimensions {string.Join(" × ", dimensions)}", "at most 2⁶³ - 1 bytes");
        }
    }

    private static long[] ReadDimensions(GgufReader reader, string quoted, string path)
    {
        int at = reader.Position;
        uint count = reader.UInt32($"number of dimensions of tensor {quoted}");
        if (count is 0 or > DimensionLimit)
            throw GgufErrors.At(path, at, $"tensor {quoted} has {count} dimensions", $"1 to {DimensionLimit}");
        long[] dimensions = new long[count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            at = reader.Position;
            ulong length = reader.UInt64($"dimension {i} of tensor {quoted}");
            if (length is 0 or > long.MaxValue) throw GgufErrors.At(path, at, $"dimension {i} of tensor {quoted} is {length}", $"1 to {long.MaxValue}");
            dimensions[i] = (long)length;
        }
        return dimensions;
    }

    private static GgufTensor Place(GgufTensor tensor, long dataStart, long fileBytes, int position, string path)
    {
        long room = fileBytes - dataStart;
        return room >= 0 && tensor.Offset <= room && tensor.Bytes <= room - tensor.Offset
            ? tensor with { Offset = dataStart + tensor.Offset }
            : throw GgufErrors.At(path, position,
                $"tensor {GgufErrors.Quoted(tensor.Name)} takes {tensor.Bytes} bytes from offset {tensor.Offset} of the data",
                $"an end within the {Math.Max(0, room)} bytes of data in the file");
    }

    private static void RefuseOverlap(List<GgufTensor> tensors, List<int> positions, string path)
    {
        int[] order = [.. Enumerable.Range(0, tensors.Count).OrderBy(i => tensors[i].Offset)];
        for (int i = 1; i < order.Length; i++)
        {
            GgufTensor before = tensors[order[i - 1]], next = tensors[order[i]];
            if (next.Offset >= before.Offset + before.Bytes) continue;
            throw GgufErrors.At(path, positions[order[i]],
                $"tensor {GgufErrors.Quoted(next.Name)} overlaps {GgufErrors.Quoted(before.Name)}", "tensors that lie apart");
        }
    }
}
