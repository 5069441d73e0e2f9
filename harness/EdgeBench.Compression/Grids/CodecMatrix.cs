using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Grids;

/// <summary>A matrix rounded by a block type's own encoder, for types whose scales are quantised themselves (the K types).</summary>
internal sealed class CodecMatrix : IQuantisedMatrix
{
    private readonly GgmlType _type;
    private readonly byte[] _bytes;

    /// <param name="importance">Of each column.</param>
    public CodecMatrix(GgmlType type, ReadOnlyMemory<float> weights, int rows, ReadOnlyMemory<float> importance, CancellationToken cancellation)
    {
        (_type, Rows, Columns) = (type, rows, weights.Length / rows);
        int columns = Columns, rowBytes = (int)type.Bytes(columns);
        byte[] bytes = new byte[rows * rowBytes];
        Parallel.For(0, rows, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
            TensorCodec.Encode(type, weights.Span.Slice(row * columns, columns), importance.Span, bytes.AsSpan(row * rowBytes, rowBytes)));
        _bytes = bytes;
    }

    public int Rows { get; }

    public int Columns { get; }

    public byte[] Pack() => _bytes;

    public float[] Dequantise()
    {
        float[] values = new float[Rows * Columns];
        TensorCodec.Decode(_type, _bytes, values);
        return values;
    }
}
