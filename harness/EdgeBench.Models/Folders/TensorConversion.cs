using System.Buffers.Binary;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders;

/// <summary>Raw bytes of whole rows of a tensor.</summary>
internal delegate ReadOnlySpan<byte> RowReader(long firstRow, int rows);

/// <summary>A tensor on its way from one type and row order to another, some rows at a time. Where nothing changes, bytes are copied as they are.</summary>
/// <param name="Order">Row to read for each row to write; null keeps the order.</param>
/// <param name="Shift">Added to every value; in F16 where the values come as F16, as PyTorch adds.</param>
internal sealed record TensorConversion(string Name, long Rows, long RowLength, GgmlType From, GgmlType To, Func<long, long>? Order = null, float Shift = 0)
{
    private const long ChunkBytes = 4 << 20;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a value that <see cref="To"/> cannot hold.</summary>
    public void Write(Stream stream, RowReader read)
    {
        int most = Order is null ? (int)Math.Clamp(ChunkBytes / Math.Max(1, RowLength * 4), 1, int.MaxValue) : 1;
        float[] values = [];
        byte[] bytes = [];
        for (long row = 0; row < Rows; row += most)
        {
            int rows = (int)Math.Min(most, Rows - row);
            ReadOnlySpan<byte> raw = read(Order is null ? row : Order(row), rows);
            if (From == To && Shift == 0)
            {
                stream.Write(raw);
                continue;
            }
            int count = checked((int)(rows * RowLength));
            if (values.Length < count) (values, bytes) = (new float[count], new byte[To.Bytes(count)]);
            Span<float> part = values.AsSpan(0, count);
            Span<byte> target = bytes.AsSpan(0, (int)To.Bytes(count));
            Decode(raw, part);
            Add(part);
            Encode(part, target, row);
            stream.Write(target);
        }
    }

    private void Decode(ReadOnlySpan<byte> raw, Span<float> values)
    {
        if (From != GgmlType.F64)
        {
            TensorCodec.Decode(From, raw, values);
            return;
        }
        for (int i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(raw[(i * 8)..]);
    }

    private void Add(Span<float> values)
    {
        if (Shift == 0) return;
        for (int i = 0; i < values.Length; i++) values[i] = From == GgmlType.F16 ? (float)(Half)(values[i] + Shift) : values[i] + Shift;
    }

    private void Encode(ReadOnlySpan<float> values, Span<byte> bytes, long row)
    {
        try
        {
            TensorCodec.Encode(To, values, bytes);
        }
        catch (NotFiniteNumberException error)
        {
            throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(Name)}, from row {row} on: {error.Message}", $"values that {To} holds", "Write it as f32 or bf16.");
        }
    }
}
