namespace EdgeBench.Models.Onnx;

/// <summary>Element types by their number in a file (onnx.proto, <c>TensorProto.DataType</c>).</summary>
public enum OnnxDataType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    Float8E4M3FN = 17,
    Float8E4M3FNUZ = 18,
    Float8E5M2 = 19,
    Float8E5M2FNUZ = 20,
    UInt4 = 21,
    Int4 = 22,
    Float4E2M1 = 23,
    Float8E8M0 = 24,
    UInt2 = 25,
    Int2 = 26,
}

/// <summary>Sizes of element types.</summary>
public static class OnnxDataTypes
{
    /// <summary>Bits of one element, or null for text and for numbers that name no type.</summary>
    public static int? Bits(this OnnxDataType type) => type switch
    {
        OnnxDataType.UInt2 or OnnxDataType.Int2 => 2,
        OnnxDataType.UInt4 or OnnxDataType.Int4 or OnnxDataType.Float4E2M1 => 4,
        OnnxDataType.UInt8 or OnnxDataType.Int8 or OnnxDataType.Bool or (>= OnnxDataType.Float8E4M3FN and <= OnnxDataType.Float8E5M2FNUZ) or OnnxDataType.Float8E8M0 => 8,
        OnnxDataType.UInt16 or OnnxDataType.Int16 or OnnxDataType.Float16 or OnnxDataType.BFloat16 => 16,
        OnnxDataType.Float or OnnxDataType.Int32 or OnnxDataType.UInt32 => 32,
        OnnxDataType.Double or OnnxDataType.Int64 or OnnxDataType.UInt64 or OnnxDataType.Complex64 => 64,
        OnnxDataType.Complex128 => 128,
        _ => null,
    };

    /// <summary>Bytes of packed raw data; throws <see cref="OverflowException"/>.</summary>
    public static long Bytes(this OnnxDataType type, long elements) =>
        checked((elements * (type.Bits() ?? throw new ArgumentOutOfRangeException(nameof(type), type, "This element type has no fixed size.")) + 7) / 8);
}
