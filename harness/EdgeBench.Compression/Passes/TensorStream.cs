using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Writes one tensor in another type: chunks of whole blocks, several at once, in order. Memory is a few chunks, whatever the tensor.</summary>
internal static class TensorStream
{
    // A multiple of every block size; 512 KiB of float32.
    private const int ChunkElements = 1 << 17;
    private const int MostChunks = 32;
    private const int CopyBytes = 1 << 22;

    public static void Write(GgufFile input, GgufTensor tensor, GgmlType type, Stream output, CancellationToken cancellation)
    {
        if (tensor.Type == type) Copy(input, tensor, output, cancellation);
        else Convert(input, tensor, type, output, cancellation);
    }

    // The same type is the same bytes: a round trip through float32 need not give them back.
    private static void Copy(GgufFile input, GgufTensor tensor, Stream output, CancellationToken cancellation)
    {
        for (long first = 0; first < tensor.Bytes; first += CopyBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            output.Write(input.Data(tensor, first, (int)Math.Min(CopyBytes, tensor.Bytes - first)));
        }
    }

    private static void Convert(GgufFile input, GgufTensor tensor, GgmlType type, Stream output, CancellationToken cancellation)
    {
        int chunks = (int)Math.Min((tensor.Elements + ChunkElements - 1) / ChunkElements, Math.Clamp(2 * Environment.ProcessorCount, 1, MostChunks));
        int chunkElements = (int)Math.Min(ChunkElements, tensor.Elements);
        float[][] values = [.. Enumerable.Range(0, chunks).Select(_ => new float[chunkElements])];
        byte[][] encoded = [.. Enumerable.Range(0, chunks).Select(_ => new byte[type.Bytes(chunkElements)])];
        for (long first = 0; first < tensor.Elements; first += (long)chunks * ChunkElements)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = first;
            int Length(int chunk) => (int)Math.Clamp(tensor.Elements - start - ((long)chunk * ChunkElements), 0, ChunkElements);
            Parallel.For(0, chunks, chunk =>
            {
                int length = Length(chunk);
                if (length == 0) return;
                Span<float> part = values[chunk].AsSpan(0, length);
                input.Dequantise(tensor, start + ((long)chunk * ChunkElements), part);
                if (!Representable.All(part, type)) throw new UnfitTensorException();
                TensorCodec.Encode(type, part, encoded[chunk].AsSpan(0, (int)type.Bytes(length)));
            });
            for (int chunk = 0; chunk < chunks; chunk++) output.Write(encoded[chunk].AsSpan(0, (int)type.Bytes(Length(chunk))));
        }
    }

    /// <summary>Some value is NaN, infinite or beyond the type's range.</summary>
    internal sealed class UnfitTensorException : Exception;

    public static EdgeBenchException Unfit(GgufFile input, GgufTensor tensor, GgmlType type) =>
        EdgeBenchException.BadInput(
            $"tensor {tensor.Name} holds a NaN, an infinity or a value beyond the range of {TypeReadback.Name(type)}", "finite weights that the type can hold",
            "Use a type with a wider range (convert: { weights: bf16 } or f32), or another checkpoint.", input.Path);
}
