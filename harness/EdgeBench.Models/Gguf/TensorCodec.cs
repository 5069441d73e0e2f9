using System.Collections.Frozen;
using System.Runtime.InteropServices;
using EdgeBench.Core.Problems;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Models.Gguf;

/// <summary>Tensor types from and to float32. Lengths are whole blocks of the type.</summary>
public static class TensorCodec
{
    private static readonly FrozenDictionary<GgmlType, Codec> s_codecs = Codecs().ToFrozenDictionary(codec => codec.Type);

    public static IEnumerable<GgmlType> Decodable => s_codecs.Keys.Order();

    public static IEnumerable<GgmlType> Encodable => s_codecs.Values.Where(codec => codec.Encode is not null).Select(codec => codec.Type).Order();

    /// <summary>Whether the type can be read.</summary>
    public static bool CanDecode(GgmlType type) => s_codecs.ContainsKey(type);

    /// <summary>Whether the importance of columns changes what <see cref="Encode(GgmlType, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{byte})"/> writes.</summary>
    public static bool TakesImportance(GgmlType type) => Block(type)?.TakesImportance == true;

    /// <summary>The block format of a type that is read as one, or null.</summary>
    public static BlockFormat? Block(GgmlType type) => s_codecs.GetValueOrDefault(type)?.Block;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) naming a type that cannot be read.</summary>
    public static void Decode(GgmlType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        CheckLengths(type, bytes.Length, values.Length);
        Dequantiser decode = s_codecs.GetValueOrDefault(type)?.Decode ?? throw Unsupported(type, "read", Decodable);
        decode(bytes, values);
    }

    /// <summary>
    /// Rounds to <paramref name="type"/>. Throws <see cref="EdgeBenchException"/> (bad input) naming a type that cannot be written, and
    /// <see cref="NotFiniteNumberException"/> where a finite number would become infinite, or a block format meets NaN or an infinity.
    /// </summary>
    public static void Encode(GgmlType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        CheckLengths(type, bytes.Length, values.Length);
        Quantiser encode = s_codecs.GetValueOrDefault(type)?.Encode ?? throw Unsupported(type, "written", Encodable);
        encode(values, bytes);
    }

    /// <summary>
    /// The same for whole rows with an importance for each column (finite, from 0 up), which types without <see cref="TakesImportance"/> leave aside.
    /// </summary>
    public static void Encode(GgmlType type, ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> bytes)
    {
        if (importance.IsEmpty || !TakesImportance(type))
        {
            Encode(type, values, bytes);
            return;
        }
        CheckLengths(type, bytes.Length, values.Length);
        Block(type)!.Quantise(values, importance, bytes);
    }

    private static IEnumerable<Codec> Codecs() =>
    [
        new(GgmlType.F32, static (bytes, values) => bytes.CopyTo(MemoryMarshal.AsBytes(values)), static (values, bytes) => MemoryMarshal.AsBytes(values).CopyTo(bytes)),
        new(GgmlType.F16, HalfConversion.FromHalf, ToHalf),
        new(GgmlType.BF16, HalfConversion.FromBrain, HalfConversion.ToBrain),
        .. new (GgmlType Type, BlockFormat Format)[]
        {
            (GgmlType.Q8_0, Q8_0.Format), (GgmlType.Q4_0, Q4_0.Format), (GgmlType.Q4_1, Q4_1.Format), (GgmlType.Q5_0, Q5_0.Format), (GgmlType.Q5_1, Q5_1.Format),
            (GgmlType.Q2_K, Q2_K.Format), (GgmlType.Q3_K, Q3_K.Format), (GgmlType.Q4_K, Q4_K.Format), (GgmlType.Q5_K, Q5_K.Format), (GgmlType.Q6_K, Q6_K.Format),
            (GgmlType.IQ4_NL, IQ4_NL.Format),
        }.Select(row => new Codec(row.Type, row.Format.Dequantise, row.Format.CanQuantise ? row.Format.Quantise : null) { Block = row.Format }),
    ];

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

    private sealed record Codec(GgmlType Type, Dequantiser Decode, Quantiser? Encode)
    {
        public BlockFormat? Block { get; init; }
    }
}
