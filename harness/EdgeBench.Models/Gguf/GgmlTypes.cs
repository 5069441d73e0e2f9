using System.Collections.Frozen;

namespace EdgeBench.Models.Gguf;

/// <summary>How a tensor type is stored.</summary>
/// <param name="Name">Upper-case name, as reports show it.</param>
/// <param name="BlockSize">Elements of a row that are stored together; a row is a multiple of it.</param>
/// <param name="BlockBytes">Bytes that such a block takes.</param>
/// <param name="IsQuantised">Whether it holds fewer bits than a float16.</param>
public sealed record GgmlTypeInfo(GgmlType Type, string Name, int BlockSize, int BlockBytes, bool IsQuantised);

/// <summary>The table of tensor types. Sizes: llama.cpp, <c>ggml-common.h</c>, the structures <c>block_*</c>.</summary>
public static class GgmlTypes
{
    private static readonly FrozenDictionary<GgmlType, GgmlTypeInfo> s_table = Table().ToFrozenDictionary(info => info.Type);

    public static IEnumerable<GgmlTypeInfo> All => s_table.Values.OrderBy(info => info.Type);

    /// <summary>Null where the number names no type.</summary>
    public static GgmlTypeInfo? Find(GgmlType type) => s_table.GetValueOrDefault(type);

    public static GgmlTypeInfo Info(this GgmlType type) =>
        Find(type) ?? throw new ArgumentOutOfRangeException(nameof(type), type, "No GGUF tensor type has this number.");

    /// <summary>Bytes of <paramref name="elements"/> whole blocks. Throws <see cref="OverflowException"/> or <see cref="ArgumentException"/>.</summary>
    public static long Bytes(this GgmlType type, long elements)
    {
        GgmlTypeInfo info = type.Info();
        return elements % info.BlockSize == 0
            ? checked(elements / info.BlockSize * info.BlockBytes)
            : throw new ArgumentException($"{elements} elements do not divide into blocks of {info.BlockSize} ({info.Name}).", nameof(elements));
    }

    private static IEnumerable<GgmlTypeInfo> Table()
    {
        (GgmlType Type, int BlockSize, int BlockBytes)[] quantised =
        [
            (GgmlType.Q4_0, 32, 18), (GgmlType.Q4_1, 32, 20), (GgmlType.Q5_0, 32, 22), (GgmlType.Q5_1, 32, 24),
            (GgmlType.Q8_0, 32, 34), (GgmlType.Q8_1, 32, 36), (GgmlType.Q2_K, 256, 84), (GgmlType.Q3_K, 256, 110),
            (GgmlType.Q4_K, 256, 144), (GgmlType.Q5_K, 256, 176), (GgmlType.Q6_K, 256, 210), (GgmlType.Q8_K, 256, 292),
            (GgmlType.IQ2_XXS, 256, 66), (GgmlType.IQ2_XS, 256, 74), (GgmlType.IQ3_XXS, 256, 98), (GgmlType.IQ1_S, 256, 50),
            (GgmlType.IQ4_NL, 32, 18), (GgmlType.IQ3_S, 256, 110), (GgmlType.IQ2_S, 256, 82), (GgmlType.IQ4_XS, 256, 136),
            (GgmlType.IQ1_M, 256, 56), (GgmlType.TQ1_0, 256, 54), (GgmlType.TQ2_0, 256, 66), (GgmlType.MXFP4, 32, 17),
            (GgmlType.NVFP4, 64, 36), (GgmlType.Q1_0, 128, 18), (GgmlType.Q2_0, 64, 18),
        ];
        (GgmlType Type, int Bytes)[] plain =
        [
            (GgmlType.F32, 4), (GgmlType.F16, 2), (GgmlType.BF16, 2), (GgmlType.F64, 8),
            (GgmlType.I8, 1), (GgmlType.I16, 2), (GgmlType.I32, 4), (GgmlType.I64, 8),
        ];
        return quantised.Select(row => new GgmlTypeInfo(row.Type, row.Type.ToString(), row.BlockSize, row.BlockBytes, true))
            .Concat(plain.Select(row => new GgmlTypeInfo(row.Type, row.Type.ToString(), 1, row.Bytes, false)));
    }
}
