using System.Runtime.InteropServices;
using EdgeBench.Core.Problems;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Models.Gguf;

/// <summary>Tensor types from and to float32. Lengths are whole blocks of the type.</summary>
public static class TensorCodec
{
    private static readonly (GgmlType Type, Dequantiser Decode, Quantiser? Encode)[] s_codecs =
    [
        (GgmlType.F32, static (bytes, values) => bytes.CopyTo(MemoryMarshal.AsBytes(values)), static (values, bytes) => MemoryMarshal.AsBytes(values).CopyTo(bytes)),
        (GgmlType.F16, HalfConversion.FromHalf, ToHalf),
        (GgmlType.BF16, HalfConversion.FromBrain, HalfConversion.ToBrain),
        (GgmlType.Q8_0, Q8_0.Dequantise, Q8_0.Quantise),
        (GgmlType.Q4_0, Q4_0.Dequantise, Q4_0.Quantise),
        (GgmlType.Q4_1, Q4_1.Dequantise, null),
        (GgmlType.Q5_0, Q5_0.Dequantise, null),
        (GgmlType.Q5_1, Q5_1.Dequantise, null),
    ];

    public static IEnumerable<GgmlType> Decodable => s_codecs.Select(codec => codec.Type);

    public static IEnumerable<GgmlType> Encodable => s_codecs.Where(codec => codec.Encode is not null).Select(codec => codec.Type);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) naming a type that cannot be read yet.</summary>
    public static void Decode(GgmlType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        CheckLengths(type, bytes.Length, values.Length);
        Dequantiser decode = s_codecs.FirstOrDefault(codec => codec.Type == type).Decode
            ?? throw Unsupported(type, "read", Decodable);
        decode(bytes, values);
    }

    /// <summary>
    /// Rounds to <paramref name="type"/>. Throws <see cref="EdgeBenchException"/> (bad input) naming a type that cannot be written, and
    /// <see cref="NotFiniteNumberException"/> where a finite number would become infinite, or a block format meets NaN or an infinity.
    /// </summary>
    public static void Encode(GgmlType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        CheckLengths(type, bytes.Length, values.Length);
        Quantiser encode = s_codecs.FirstOrDefault(codec => codec.Type == type).Encode
            ?? throw Unsupported(type, "written", Encodable);
        encode(values, bytes);
    }

    private static void ToHalf(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        HalfConversion.ToHalf(values, bytes);
        ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (int start = 0; halves[start..].IndexOfAny((ushort)0x7C00, (ushort)0xFC00) is var found and >= 0; start += found + 1)
        {
            float value = values[start + found];
            if (float.IsFinite(value))
                throw new NotFiniteNumberException($"Element {start + found} is {value}; F16 ends at 65504, BF16 and F32 hold it.", value);
        }
    }

    private static void CheckLengths(GgmlType type, int bytes, int elements)
    {
        if (type.Bytes(elements) != bytes)
            throw new ArgumentException($"{bytes} bytes for {elements} elements of {type}; expected {type.Bytes(elements)}.", nameof(bytes));
    }

    private static EdgeBenchException Unsupported(GgmlType type, string verb, IEnumerable<GgmlType> supported) =>
        EdgeBenchException.BadInput($"tensor type {type} cannot be {verb}", $"one of {string.Join(", ", supported)}",
            "Use a file of one of these types, such as the model's F16 or Q8_0 file.");
}
