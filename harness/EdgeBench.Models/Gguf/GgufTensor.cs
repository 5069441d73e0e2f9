namespace EdgeBench.Models.Gguf;

/// <summary>A tensor of a file.</summary>
/// <param name="Dimensions">ggml's order: the length of a row (the input dimension of a weight) first; 1 to 4 of them, each at least 1.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Bytes">Bytes of the data, padding excluded.</param>
/// <param name="Elements">Product of the dimensions.</param>
public sealed record GgufTensor(string Name, GgmlType Type, IReadOnlyList<long> Dimensions, long Offset, long Bytes, long Elements)
{
    /// <summary>Elements of a row.</summary>
    public long RowLength => Dimensions[0];

    public long Rows => Elements / RowLength;
}
