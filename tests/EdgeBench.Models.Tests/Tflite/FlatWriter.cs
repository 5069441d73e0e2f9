using System.Buffers.Binary;
using System.Text;

namespace EdgeBench.Models.Tests.Tflite;

/// <summary>
/// Writes the tables of a TensorFlow Lite model front to back, by the FlatBuffers format and the schema alone: nothing is shared with the reader. What a
/// table points to comes after it.
/// </summary>
internal sealed class FlatWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    /// <summary>A model whose subgraphs hold constant tensors: type number, shape and the index of a buffer with so many bytes.</summary>
    public static byte[] Model(int[] bufferBytes, params (byte Type, int[] Shape, uint Buffer)[][] subgraphs)
    {
        FlatWriter writer = new();
        writer.Word(0);
        writer._bytes.AddRange(Encoding.ASCII.GetBytes("TFL3"));
        int[] model = writer.Table(2, 4);
        writer.Patch(0, model[^1]);
        int[] lists = writer.Vector(model[0], subgraphs.Length);
        for (int s = 0; s < subgraphs.Length; s++)
        {
            int[] subgraph = writer.Table(0);
            writer.Patch(lists[s], subgraph[^1]);
            int[] tensors = writer.Vector(subgraph[0], subgraphs[s].Length);
            for (int t = 0; t < subgraphs[s].Length; t++)
            {
                (byte type, int[] shape, uint buffer) = subgraphs[s][t];
                int[] tensor = writer.Table(0, 1, 2);
                writer.Patch(tensors[t], tensor[^1]);
                writer._bytes[tensor[1]] = type;
                writer.Set(tensor[2], buffer);
                int[] dimensions = writer.Vector(tensor[0], shape.Length);
                for (int d = 0; d < shape.Length; d++) writer.Set(dimensions[d], (uint)shape[d]);
            }
        }
        int[] buffers = writer.Vector(model[1], bufferBytes.Length);
        for (int b = 0; b < bufferBytes.Length; b++)
        {
            int[] buffer = writer.Table(0);
            writer.Patch(buffers[b], buffer[^1]);
            writer.Patch(buffer[0], writer._bytes.Count);
            writer.Word((uint)bufferBytes[b]);
            writer._bytes.AddRange(new byte[(bufferBytes[b] + 3) / 4 * 4]);
        }
        return writer.Bytes;
    }

    // Offset of each field's 4 bytes, then of the table itself.
    private int[] Table(params int[] fields)
    {
        int slots = fields.Max() + 1, start = _bytes.Count, header = 4 + (2 * slots), padded = (header + 3) / 4 * 4, table = start + padded;
        byte[] all = new byte[padded + 4 + (4 * fields.Length)];
        BinaryPrimitives.WriteUInt16LittleEndian(all, (ushort)header);
        BinaryPrimitives.WriteUInt16LittleEndian(all.AsSpan(2), (ushort)(4 + (4 * fields.Length)));
        for (int i = 0; i < fields.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(all.AsSpan(4 + (2 * fields[i])), (ushort)(4 + (4 * i)));
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(padded), padded);
        _bytes.AddRange(all);
        return [.. fields.Select((_, i) => table + 4 + (4 * i)), table];
    }

    // Offset of each element.
    private int[] Vector(int field, int count)
    {
        Patch(field, _bytes.Count);
        Word((uint)count);
        int first = _bytes.Count;
        for (int i = 0; i < count; i++) Word(0);
        return [.. Enumerable.Range(0, count).Select(i => first + (4 * i))];
    }

    private void Patch(int at, int target) => Set(at, (uint)(target - at));

    private void Set(int at, uint value)
    {
        for (int i = 0; i < 4; i++) _bytes[at + i] = (byte)(value >> (8 * i));
    }

    private void Word(uint value)
    {
        _bytes.AddRange(new byte[4]);
        Set(_bytes.Count - 4, value);
    }
}
