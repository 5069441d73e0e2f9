using System.Text;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Tests.Hostile;

/// <summary>GGUF files written by hand, so that they can lie.</summary>
internal static class GgufBytes
{
    public static byte[] File(ulong tensors, ulong metadata, Action<BinaryWriter> rest, int padding = 256)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write(tensors);
        writer.Write(metadata);
        rest(writer);
        writer.Write(new byte[padding]);
        return stream.ToArray();
    }

    public static void Text(BinaryWriter writer, string text)
    {
        writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
        writer.Write(Encoding.UTF8.GetBytes(text));
    }

    public static void Tensor(BinaryWriter writer, string name, ulong[] dimensions, uint type = 0, ulong offset = 0)
    {
        Text(writer, name);
        writer.Write((uint)dimensions.Length);
        foreach (ulong length in dimensions) writer.Write(length);
        writer.Write(type);
        writer.Write(offset);
    }

    public static void ArrayStart(BinaryWriter writer, string key, GgufValueType elements, ulong count)
    {
        Text(writer, key);
        writer.Write((uint)GgufValueType.Array);
        writer.Write((uint)elements);
        writer.Write(count);
    }
}
