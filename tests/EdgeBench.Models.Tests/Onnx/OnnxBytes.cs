using EdgeBench.Models.Onnx;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Tests.Onnx;

/// <summary>Small ONNX files put together field by field, right or wrong.</summary>
internal static class OnnxBytes
{
    public static byte[] Model(params ProtobufWriter[] initializers) => Model(initializers, []);

    public static byte[] Model(IReadOnlyList<ProtobufWriter> initializers, IReadOnlyList<ProtobufWriter> nodes, Action<ProtobufWriter>? graph = null, Action<ProtobufWriter>? model = null)
    {
        ProtobufWriter inner = new();
        foreach (ProtobufWriter node in nodes) inner.Message(1, node);
        foreach (ProtobufWriter tensor in initializers) inner.Message(5, tensor);
        graph?.Invoke(inner);
        ProtobufWriter outer = new ProtobufWriter().Integer(1, 10).Message(8, new ProtobufWriter().Text(1, "").Integer(2, 21)).Message(7, inner);
        model?.Invoke(outer);
        return Bytes(outer);
    }

    public static ProtobufWriter Tensor(string name, OnnxDataType type, long[] dimensions, int rawBytes)
    {
        ProtobufWriter tensor = new();
        foreach (long length in dimensions) tensor.Integer(1, length);
        return tensor.Integer(2, (long)type).Text(8, name).Bytes(9, new byte[rawBytes]);
    }

    public static ProtobufWriter External(string location, string? offset = null, string? length = null, long elements = 4)
    {
        ProtobufWriter tensor = new ProtobufWriter().Integer(1, elements).Integer(2, (long)OnnxDataType.Float).Text(8, "w").Integer(14, 1).Message(13, Entry("location", location));
        if (offset is not null) tensor.Message(13, Entry("offset", offset));
        return length is null ? tensor : tensor.Message(13, Entry("length", length));
    }

    public static ProtobufWriter Entry(string key, string value) => new ProtobufWriter().Text(1, key).Text(2, value);

    /// <summary>A value of the type float with the dimensions given.</summary>
    public static ProtobufWriter Value(string name, params long[] dimensions)
    {
        ProtobufWriter shape = new();
        foreach (long length in dimensions) shape.Message(1, new ProtobufWriter().Integer(1, length));
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Integer(1, 1).Message(2, shape)));
    }

    public static byte[] Bytes(ProtobufWriter message)
    {
        using MemoryStream stream = new();
        message.WriteTo(stream);
        return stream.ToArray();
    }
}
