using System.Text;
using EdgeBench.Core.IO;

namespace EdgeBench.Models.Gguf;

/// <summary>A tensor to be written.</summary>
/// <param name="Dimensions">ggml's order: row length first.</param>
/// <param name="Write">Writes exactly the type's bytes of all elements, in chunks as it likes.</param>
public sealed record GgufTensorSource(string Name, GgmlType Type, IReadOnlyList<long> Dimensions, Action<Stream> Write)
{
    public long Elements => Dimensions.Aggregate(1L, (product, next) => checked(product * next));

    public long Bytes => Type.Bytes(Elements);
}

/// <summary>Writes GGUF version 3, little-endian: header, then each tensor at the next multiple of the alignment, zeros between.</summary>
public static class GgufWriter
{
    /// <summary>
    /// Writes <paramref name="path"/> whole or not at all, streaming: nothing but the header is held in memory. The alignment is 32, or what
    /// <c>general.alignment</c> says. Throws <see cref="ArgumentException"/> where names repeat or rows are no whole blocks, and
    /// <see cref="InvalidOperationException"/> where a source writes another number of bytes than its tensor has.
    /// </summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, GgufValue>> metadata, IReadOnlyList<GgufTensorSource> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        (byte[] header, int alignment) = Header(metadata, tensors);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (GgufTensorSource tensor in tensors)
            {
                long start = stream.Position;
                tensor.Write(stream);
                if (stream.Position - start != tensor.Bytes)
                    throw new InvalidOperationException($"Tensor {tensor.Name}: {stream.Position - start} bytes were written; expected {tensor.Bytes}.");
                stream.Write(new byte[TensorTable.Align(tensor.Bytes, alignment) - tensor.Bytes]);
            }
        });
    }

    /// <summary>Bytes of the file that <see cref="Write"/> would write.</summary>
    public static long Measure(IEnumerable<KeyValuePair<string, GgufValue>> metadata, IReadOnlyList<GgufTensorSource> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        (byte[] header, int alignment) = Header(metadata, tensors);
        return header.Length + tensors.Sum(tensor => TensorTable.Align(tensor.Bytes, alignment));
    }

    /// <summary>Everything before the data, padded to the alignment.</summary>
    private static (byte[] Bytes, int Alignment) Header(IEnumerable<KeyValuePair<string, GgufValue>> metadata, IReadOnlyList<GgufTensorSource> tensors)
    {
        KeyValuePair<string, GgufValue>[] entries = [.. metadata];
        RefuseRepeats(entries.Select(entry => entry.Key));
        RefuseRepeats(tensors.Select(tensor => tensor.Name));
        int alignment = entries.FirstOrDefault(entry => entry.Key == GgufHeader.AlignmentKey).Value?.Raw is uint own ? (int)own : GgufHeader.DefaultAlignment;
        if (alignment <= 0 || !int.IsPow2(alignment))
            throw new ArgumentException($"Alignment {alignment}; expected a power of two.", nameof(metadata));
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(GgufHeader.Magic);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)entries.Length);
        foreach ((string key, GgufValue value) in entries)
        {
            GgufValueWriter.Text(writer, key);
            GgufValueWriter.Value(writer, value);
        }
        long offset = 0;
        foreach (GgufTensorSource tensor in tensors)
        {
            WriteEntry(writer, tensor, offset);
            offset = checked(offset + TensorTable.Align(tensor.Bytes, alignment));
        }
        writer.Write(new byte[TensorTable.Align(bytes.Length, alignment) - bytes.Length]);
        writer.Flush();
        return (bytes.ToArray(), alignment);
    }

    private static void WriteEntry(BinaryWriter writer, GgufTensorSource tensor, long offset)
    {
        if (tensor.Dimensions.Count is 0 or > 4 || tensor.Dimensions.Any(length => length < 1) || tensor.Dimensions[0] % tensor.Type.Info().BlockSize != 0)
        {
            throw new ArgumentException(
                $"Tensor {tensor.Name} has the dimensions {string.Join(" × ", tensor.Dimensions)}; expected 1 to 4 with rows of whole blocks of {tensor.Type.Info().BlockSize}.");
        }
        GgufValueWriter.Text(writer, tensor.Name);
        writer.Write((uint)tensor.Dimensions.Count);
        foreach (long length in tensor.Dimensions) writer.Write((ulong)length);
        writer.Write((uint)tensor.Type);
        writer.Write((ulong)offset);
    }

    private static void RefuseRepeats(IEnumerable<string> names)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (!seen.Add(name)) throw new ArgumentException($"'{name}' occurs twice; expected each name once.");
        }
    }
}
