using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Tflite;

/// <summary>
/// What a TensorFlow Lite model holds (schema version 3, https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/schema/schema.fbs): its
/// constant tensors. Operators are the business of the program that runs it.
/// </summary>
/// <param name="Types">Constant tensors by type, the largest first; a buffer that several share counts once.</param>
public sealed record TfliteFile(string Path, long FileBytes, IReadOnlyList<TypeUsage> Types)
{
    public const string Format = "tflite";

    private const int MaxBytes = int.MaxValue, MaxTensors = 1_000_000, MaxDimensions = 32;

    // Fields of the schema's tables.
    private const int ModelSubgraphs = 2, ModelBuffers = 4, SubgraphTensors = 0, TensorShape = 0, TensorType = 1, TensorBuffer = 2;
    private const int BufferData = 0, BufferSize = 2;

    private static readonly string[] s_types =
    [
        "f32", "f16", "i32", "u8", "i64", "string", "bool", "i16", "complex64", "i8", "f64", "complex128", "u64", "resource", "variant", "u32", "u16", "i4",
        "bf16", "i2",
    ];

    public static bool Is(string path) => path.EndsWith($".{Format}", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads tables, not weights. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    public static TfliteFile Read(string path)
    {
        byte[] bytes = Load(path);
        if (bytes.Length < 8 || !bytes.AsSpan(4, 4).SequenceEqual("TFL3"u8))
            throw EdgeBenchException.BadInput("a file without the mark TFL3 at byte 4", "a TensorFlow Lite model", "Convert the model to TensorFlow Lite.", path);
        FlatTable model = FlatTable.Root(bytes, path);
        long[] buffers = [.. model.Tables(ModelBuffers, MaxTensors).Select(buffer => Bytes(buffer, bytes.Length, path))];
        Dictionary<string, (int Tensors, long Elements, long Bytes)> types = [];
        HashSet<uint> seen = [];
        int tensors = 0;
        foreach (FlatTable subgraph in model.Tables(ModelSubgraphs, MaxTensors))
        {
            foreach (FlatTable tensor in subgraph.Tables(SubgraphTensors, MaxTensors))
            {
                if (++tensors > MaxTensors) throw EdgeBenchException.BadInput($"more than {MaxTensors} tensors", "a model with fewer", file: path);
                uint buffer = tensor.Unsigned(TensorBuffer);
                if (buffer >= buffers.Length) throw EdgeBenchException.BadInput($"a tensor in buffer {buffer}", $"one of the model's {buffers.Length} buffers", file: path);
                if (buffers[buffer] == 0 || !seen.Add(buffer)) continue;
                string type = tensor.Byte(TensorType) is var number && number < s_types.Length ? s_types[number] : $"type {number}";
                var so = types.GetValueOrDefault(type);
                types[type] = (so.Tensors + 1, so.Elements + Elements(tensor.Integers(TensorShape, MaxDimensions), buffers[buffer], path), so.Bytes + buffers[buffer]);
            }
        }
        long constants = types.Values.Sum(type => type.Bytes);
        if (constants > bytes.Length) throw EdgeBenchException.BadInput($"buffers of {constants} bytes in a file of {bytes.Length}", "buffers that do not overlap", file: path);
        return new TfliteFile(path, bytes.Length, [.. types.Select(type => new TypeUsage(type.Key, type.Value.Tensors, type.Value.Elements, type.Value.Bytes)).OrderByDescending(usage => usage.Bytes)]);
    }

    private static byte[] Load(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= MaxBytes ? File.ReadAllBytes(path) : throw EdgeBenchException.BadInput($"a TensorFlow Lite model of {length} bytes", $"at most {MaxBytes}", file: path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw EdgeBenchException.BadInput($"'{path}': {exception.Message}", "a TensorFlow Lite model that can be read", "Correct the path.");
        }
    }

    // Large models keep their data behind the tables.
    private static long Bytes(FlatTable buffer, long fileBytes, string path)
    {
        if (buffer.VectorBytes(BufferData) is > 0 and var inside) return inside;
        ulong size = buffer.Long(BufferSize);
        return size <= (ulong)fileBytes ? (long)size : throw EdgeBenchException.BadInput($"a buffer of {size} bytes", $"at most the file's {fileBytes}", file: path);
    }

    // A scalar has no dimensions; packed types hold up to 4 elements in a byte, none more.
    private static long Elements(IReadOnlyList<int> shape, long bytes, string path)
    {
        const int MostInAByte = 4;
        long elements = 1;
        foreach (int dimension in shape)
        {
            if (dimension < 0 || (dimension > 0 && elements > bytes * MostInAByte / dimension))
                throw EdgeBenchException.BadInput($"a constant tensor of shape [{string.Join(", ", shape.Take(8))}] in {bytes} bytes", "a shape that its bytes can hold", file: path);
            elements *= dimension;
        }
        return elements;
    }
}
