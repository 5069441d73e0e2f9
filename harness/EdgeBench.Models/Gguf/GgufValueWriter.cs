using System.Runtime.InteropServices;
using System.Text;

namespace EdgeBench.Models.Gguf;

/// <summary>Metadata values as bytes.</summary>
internal static class GgufValueWriter
{
    public static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    public static void Value(BinaryWriter writer, GgufValue value)
    {
        writer.Write((uint)value.Type);
        switch (value.Raw)
        {
            case byte raw: writer.Write(raw); break;
            case sbyte raw: writer.Write(raw); break;
            case ushort raw: writer.Write(raw); break;
            case short raw: writer.Write(raw); break;
            case uint raw: writer.Write(raw); break;
            case int raw: writer.Write(raw); break;
            case ulong raw: writer.Write(raw); break;
            case long raw: writer.Write(raw); break;
            case float raw: writer.Write(raw); break;
            case double raw: writer.Write(raw); break;
            case bool raw: writer.Write(raw); break;
            case string raw: Text(writer, raw); break;
            case GgufArray raw: WriteArray(writer, raw); break;
            default: throw new ArgumentException($"A {value.Raw.GetType()} cannot be stored as metadata.", nameof(value));
        }
    }

    private static void WriteArray(BinaryWriter writer, GgufArray array)
    {
        writer.Write((uint)array.ElementType);
        writer.Write((ulong)array.Count);
        switch (array.Elements)
        {
            case string[] texts:
                foreach (string text in texts) Text(writer, text);
                break;
            case GgufArray[] arrays:
                foreach (GgufArray inner in arrays) WriteArray(writer, inner);
                break;
            default:
                writer.Write(MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array.Elements), Buffer.ByteLength(array.Elements)));
                break;
        }
    }
}
