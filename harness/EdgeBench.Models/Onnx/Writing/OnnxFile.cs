using EdgeBench.Core.IO;

namespace EdgeBench.Models.Onnx.Writing;

/// <summary>
/// Writes a model, streaming its weights: into the file itself, or into one file of external data beside it, each tensor of at least
/// <see cref="SmallestExternal"/> bytes at a multiple of <see cref="Alignment"/> so that a runtime can map it. Field numbers: onnx.proto.
/// </summary>
internal static class OnnxFile
{
    /// <summary>Protobuf messages end at 2 GiB.</summary>
    public const long LargestMessage = int.MaxValue;

    /// <summary>Page size, and what ONNX Runtime maps at (a power of two up to 64 KiB).</summary>
    public const int Alignment = 4096;

    /// <summary>Shapes and scalars stay in the model's file, where shape inference reads them.</summary>
    private const int SmallestExternal = 1024;

    /// <summary>Bytes of weights that the model carries.</summary>
    public static long WeightBytes(OnnxModel model) => model.Graph.Initializers.Sum(tensor => tensor.Bytes);

    /// <summary>Writes <paramref name="path"/>, and before it <c>{path}.data</c> where <paramref name="external"/>; each whole or not at all.</summary>
    public static void Write(OnnxModel model, string path, bool external, CancellationToken cancellation)
    {
        List<Stored> tensors = Layout(model, external ? $"{Path.GetFileName(path)}.data" : null);
        ProtobufWriter head = model.GraphHead();
        long graphBytes = head.Length + tensors.Sum(tensor => tensor.FieldBytes);
        ProtobufWriter start = model.ModelHead().Head(7, graphBytes);
        if (start.Length + graphBytes > LargestMessage)
            throw new InvalidOperationException($"{start.Length + graphBytes} bytes do not fit one protobuf message; external data is needed.");
        if (external) AtomicFile.Write($"{path}.data", stream => WriteData(stream, tensors, cancellation));
        AtomicFile.Write(path, stream =>
        {
            start.WriteTo(stream);
            head.WriteTo(stream);
            foreach (Stored tensor in tensors)
            {
                tensor.Prefix.WriteTo(stream);
                if (tensor.Offset is null) WriteTensor(stream, tensor.Tensor, cancellation);
            }
        });
    }

    private static List<Stored> Layout(OnnxModel model, string? dataFile)
    {
        long offset = 0;
        List<Stored> tensors = [];
        foreach (OnnxTensor tensor in model.Graph.Initializers)
        {
            bool apart = dataFile is not null && tensor.Bytes >= SmallestExternal;
            long? place = apart ? offset : null;
            tensors.Add(Store(tensor, place, dataFile));
            if (apart) offset += (tensor.Bytes + Alignment - 1) / Alignment * Alignment;
        }
        return tensors;
    }

    // TensorProto: dims 1, data_type 2, name 8, raw_data 9, external_data 13 (key 1, value 2), data_location 14 (1 = external).
    private static Stored Store(OnnxTensor tensor, long? offset, string? dataFile)
    {
        ProtobufWriter message = new();
        foreach (long length in tensor.Dimensions) message.Integer(1, length);
        message.Integer(2, (long)tensor.Type).Text(8, tensor.Name);
        if (offset is { } place)
        {
            message.Message(13, Entry("location", dataFile!)).Message(13, Entry("offset", $"{place}")).Message(13, Entry("length", $"{tensor.Bytes}")).Integer(14, 1);
            return new(tensor, offset, new ProtobufWriter().Message(5, message), 0);
        }
        message.Head(9, tensor.Bytes);
        return new(tensor, null, new ProtobufWriter().Head(5, message.Length + tensor.Bytes).Fields(message), tensor.Bytes);
    }

    private static ProtobufWriter Entry(string key, string value) => new ProtobufWriter().Text(1, key).Text(2, value);

    private static void WriteData(FileStream stream, List<Stored> tensors, CancellationToken cancellation)
    {
        foreach (Stored tensor in tensors)
        {
            if (tensor.Offset is not { } offset) continue;
            stream.Write(new byte[offset - stream.Position]);
            WriteTensor(stream, tensor.Tensor, cancellation);
        }
    }

    private static void WriteTensor(FileStream stream, OnnxTensor tensor, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long start = stream.Position;
        tensor.Write(stream);
        if (stream.Position - start != tensor.Bytes)
            throw new InvalidOperationException($"Tensor {tensor.Name}: {stream.Position - start} bytes were written; expected {tensor.Bytes}.");
    }

    /// <param name="Offset">Place in the data file, or null for a tensor inside the model's file.</param>
    /// <param name="Prefix">The graph's field up to the raw data.</param>
    /// <param name="Inline">Bytes that follow the prefix.</param>
    private sealed record Stored(OnnxTensor Tensor, long? Offset, ProtobufWriter Prefix, long Inline)
    {
        public long FieldBytes => Prefix.Length + Inline;
    }
}
