using System.Runtime.InteropServices;

namespace EdgeBench.Models.Onnx.Writing;

/// <summary>An initializer: a tensor that the model carries.</summary>
/// <param name="Dimensions">Outermost first; empty for a scalar.</param>
/// <param name="Write">Writes exactly <see cref="Bytes"/> bytes, in chunks as it likes, row-major and little-endian.</param>
internal sealed record OnnxTensor(string Name, OnnxDataType Type, IReadOnlyList<long> Dimensions, Action<Stream> Write)
{
    public long Elements => Dimensions.Aggregate(1L, (product, next) => checked(product * next));

    public long Bytes => Type.Bytes(Elements);

    public static OnnxTensor Of(string name, IReadOnlyList<long> dimensions, float[] values) => Of(name, OnnxDataType.Float, dimensions, values);

    public static OnnxTensor Of(string name, IReadOnlyList<long> dimensions, long[] values) => Of(name, OnnxDataType.Int64, dimensions, values);

    public static OnnxTensor Of<T>(string name, OnnxDataType type, IReadOnlyList<long> dimensions, T[] values)
        where T : unmanaged =>
        new(name, type, dimensions, stream => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));
}
