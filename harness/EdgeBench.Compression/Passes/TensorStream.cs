using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Writes one tensor in another type: chunks of whole blocks, several at once, in order. Memory is a few chunks, whatever the tensor.</summary>
internal static class TensorStream
{
    // A multiple of every block size; 128 KiB of float32, which with the bytes and the values read back stays in a core's own cache.
    private const int ChunkElements = 1 << 15;

    // Elements between two writes.
    private const int RoundElements = 1 << 21;
    private const int CopyBytes = 1 << 22;

    /// <summary>
    /// Writes <paramref name="tensor"/> as <paramref name="type"/>; returns what rounding changed, or null where the bytes are the same.
    /// </summary>
    /// <param name="importance">Empty, or one weight a column for each matrix of the tensor.</param>
    public static SquaredError? Write(TensorReader input, GgufTensor tensor, GgmlType type, float[] importance, Stream output, CancellationToken cancellation)
    {
        if (tensor.Type != type) return Convert(input, tensor, type, importance, output, cancellation);
        Copy(input, tensor, output, cancellation);
        return null;
    }

    // The same type is the same bytes: a round trip through float32 need not give them back.
    private static void Copy(TensorReader input, GgufTensor tensor, Stream output, CancellationToken cancellation)
    {
        byte[] buffer = new byte[Math.Min(CopyBytes, tensor.Bytes)];
        for (long first = 0; first < tensor.Bytes; first += buffer.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.Bytes - first));
            input.Read(tensor, first, part);
            output.Write(part);
        }
    }

    private static SquaredError Convert(TensorReader input, GgufTensor tensor, GgmlType type, float[] importance, Stream output, CancellationToken cancellation)
    {
        TensorChunks chunks = new(tensor, importance.Length > 0 && TensorCodec.TakesImportance(type), ChunkElements);
        int atOnce = Math.Max(1, RoundElements / chunks.Elements);
        byte[] encoded = new byte[type.Bytes(Math.Min(tensor.Elements, (long)atOnce * chunks.Elements))];
        SquaredError[] errors = new SquaredError[atOnce];
        (byte[] Raw, float[] Values)[] buffers =
        [
            .. Enumerable.Range(0, (int)Math.Min(Environment.ProcessorCount, chunks.Count))
                .Select(_ => (new byte[tensor.Type.Bytes(chunks.Elements)], new float[2 * chunks.Elements])),
        ];
        SquaredError sum = default;
        for (long first = 0; first < chunks.Count; first += atOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(atOnce, chunks.Count - first), next = -1;
            long start = chunks.Start(first);
            Parallel.For(0, buffers.Length, worker =>
            {
                (byte[] raw, float[] floats) = buffers[worker];
                while (Interlocked.Increment(ref next) is var i && i < count)
                {
                    long chunk = first + i, element = chunks.Start(chunk);
                    int length = chunks.Length(chunk);
                    Span<float> values = floats.AsSpan(0, length), back = floats.AsSpan(length, length);
                    Span<byte> stored = raw.AsSpan(0, (int)tensor.Type.Bytes(length)), bytes = encoded.AsSpan((int)type.Bytes(element - start), (int)type.Bytes(length));
                    input.Read(tensor, tensor.Type.Bytes(element), stored);
                    TensorCodec.Decode(tensor.Type, stored, values);
                    Encode(type, values, chunks.Importance(chunk, importance), bytes);
                    TensorCodec.Decode(type, bytes, back);
                    errors[i] = SquaredError.Of(values, back);
                }
            });
            for (int i = 0; i < count; i++) sum += errors[i];
            output.Write(encoded.AsSpan(0, (int)type.Bytes(chunks.Start(first + count) - start)));
        }
        return sum;
    }

    /// <summary>A matrix that is in memory, in parts of whole rows, several at once; the bytes are those of <see cref="Write"/>.</summary>
    /// <param name="importance">Empty, or one weight a column.</param>
    public static void EncodeRows(GgmlType type, float[] values, float[] importance, byte[] bytes)
    {
        int columns = importance.Length > 0 ? importance.Length : type.Info().BlockSize;
        int part = Math.Max(1, ChunkElements / columns) * columns;
        Parallel.For(0, (values.Length + part - 1) / part, i =>
        {
            int first = i * part, length = Math.Min(part, values.Length - first);
            Encode(type, values.AsSpan(first, length), importance, bytes.AsSpan((int)type.Bytes(first), (int)type.Bytes(length)));
        });
    }

    private static void Encode(GgmlType type, ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> bytes)
    {
        if (!Representable.All(values, type)) throw new UnfitTensorException();
        try
        {
            TensorCodec.Encode(type, values, importance, bytes);
        }
        catch (NotFiniteNumberException)
        {
            throw new UnfitTensorException();
        }
    }

    /// <summary>Some value is NaN, infinite or beyond the type's range.</summary>
    internal sealed class UnfitTensorException : Exception;

    public static EdgeBenchException Unfit(GgufFile input, GgufTensor tensor, GgmlType type) =>
        EdgeBenchException.BadInput(
            $"tensor {tensor.Name} holds a NaN, an infinity or a value beyond the range of {TypeReadback.Name(type)}", "finite weights that the type can hold",
            "Use a type with a wider range (convert: { weights: bf16 } or f32), or another checkpoint.", input.Path);
}
