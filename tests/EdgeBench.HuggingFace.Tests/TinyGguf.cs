using EdgeBench.Models.Gguf;

namespace EdgeBench.HuggingFace.Tests;

/// <summary>Valid GGUF files of a wanted length.</summary>
internal static class TinyGguf
{
    /// <summary><paramref name="length"/> is a multiple of the alignment, 32.</summary>
    public static byte[] Of(int length)
    {
        KeyValuePair<string, GgufValue>[] metadata =
        [
            new("general.architecture", GgufValue.From("llama")),
            new("llama.block_count", GgufValue.From(2u)),
            new("llama.embedding_length", GgufValue.From(64u)),
            new("llama.feed_forward_length", GgufValue.From(96u)),
            new("llama.attention.head_count", GgufValue.From(4u)),
            new("llama.vocab_size", GgufValue.From(100u)),
        ];
        int header = (int)GgufWriter.Measure(metadata, [Tensor(32)]) - 32;
        string path = Path.GetTempFileName();
        try
        {
            GgufWriter.Write(path, metadata, [Tensor(length - header)]);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static GgufTensorSource Tensor(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return new GgufTensorSource("blk.0.data", GgmlType.I8, [bytes], output => output.Write(content));
    }
}
