using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeBench.Core.IO;

namespace EdgeBench.Models.Safetensors;

/// <summary>A tensor to be written.</summary>
/// <param name="Shape">Row-major: row length last.</param>
/// <param name="Write">Writes exactly the bytes of all elements, in chunks as it likes.</param>
public sealed record SafetensorsSource(string Name, SafetensorsDtype Dtype, IReadOnlyList<long> Shape, Action<Stream> Write)
{
    public long Bytes => checked(Shape.Aggregate(1L, (product, next) => checked(product * next)) * Dtype.Bytes());
}

/// <summary>Writes safetensors files, streaming: nothing but headers is held in memory.</summary>
public static class SafetensorsWriter
{
    /// <summary>
    /// Writes one file, whole or not at all. Wider elements come first, so that every tensor is aligned to its element. Throws
    /// <see cref="ArgumentException"/> where names repeat, and <see cref="InvalidOperationException"/> where a source writes another number of bytes.
    /// </summary>
    public static void Write(string path, IReadOnlyList<SafetensorsSource> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        SafetensorsSource[] ordered = [.. tensors.OrderByDescending(tensor => tensor.Dtype.Bytes())];
        if (ordered.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count() != ordered.Length || ordered.Any(tensor => tensor.Name == "__metadata__"))
            throw new ArgumentException("A name occurs twice, or is '__metadata__'; expected each name once.", nameof(tensors));
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (SafetensorsSource tensor in ordered)
            {
                long start = stream.Position;
                tensor.Write(stream);
                if (stream.Position - start != tensor.Bytes)
                    throw new InvalidOperationException($"Tensor {tensor.Name}: {stream.Position - start} bytes were written; expected {tensor.Bytes}.");
            }
        });
    }

    /// <summary>
    /// Writes <c>model.safetensors</c>, or shards of at most <paramref name="shardBytes"/> of data (a larger tensor has one of its own) with their
    /// index, as Hugging Face's tools name them. Returns the names of the files with weights.
    /// </summary>
    public static IReadOnlyList<string> WriteFolder(string folder, IReadOnlyList<SafetensorsSource> tensors, IReadOnlyDictionary<string, string> metadata, long shardBytes)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        List<List<SafetensorsSource>> shards = Split(tensors, shardBytes);
        if (shards.Count <= 1)
        {
            Write(Path.Combine(folder, SafetensorsModel.SingleName), tensors, metadata);
            return [SafetensorsModel.SingleName];
        }
        string[] names = [.. shards.Select((_, i) => $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors")];
        for (int i = 0; i < shards.Count; i++) Write(Path.Combine(folder, names[i]), shards[i], metadata);
        var index = new
        {
            metadata = new { total_size = tensors.Sum(tensor => tensor.Bytes) },
            weight_map = shards.SelectMany((shard, i) => shard.Select(tensor => (tensor.Name, File: names[i]))).OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ToDictionary(entry => entry.Name, entry => entry.File),
        };
        AtomicFile.WriteText(Path.Combine(folder, SafetensorsModel.IndexName),
            JsonSerializer.Serialize(index, new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
        return names;
    }

    private static List<List<SafetensorsSource>> Split(IReadOnlyList<SafetensorsSource> tensors, long shardBytes)
    {
        List<List<SafetensorsSource>> shards = [];
        long filled = 0;
        foreach (SafetensorsSource tensor in tensors)
        {
            if (shards.Count == 0 || (filled > 0 && filled + tensor.Bytes > shardBytes))
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(tensor);
            filled += tensor.Bytes;
        }
        return shards;
    }

    // Padded with spaces, so that the data start at a multiple of 8 bytes.
    private static byte[] Header(SafetensorsSource[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (SafetensorsSource tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Dtype.ToString());
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.Bytes]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        int padding = -buffer.WrittenCount & 7;
        return [.. buffer.WrittenSpan, .. Enumerable.Repeat((byte)' ', padding)];
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
