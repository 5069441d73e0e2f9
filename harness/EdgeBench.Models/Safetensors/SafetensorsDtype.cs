namespace EdgeBench.Models.Safetensors;

/// <summary>Element types. Source: huggingface/safetensors, <c>safetensors/src/tensor.rs</c>, <c>enum Dtype</c>; types of less than a byte are left out.</summary>
public enum SafetensorsDtype
{
    BOOL,
    U8,
    I8,
    F8_E5M2,
    F8_E4M3,
    F8_E8M0,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    F64,
    I64,
    U64,
}

/// <summary>Facts about element types.</summary>
public static class SafetensorsDtypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Bytes(this SafetensorsDtype dtype) => dtype switch
    {
        SafetensorsDtype.BOOL or SafetensorsDtype.U8 or SafetensorsDtype.I8 or SafetensorsDtype.F8_E5M2 or SafetensorsDtype.F8_E4M3 or SafetensorsDtype.F8_E8M0 => 1,
        SafetensorsDtype.I16 or SafetensorsDtype.U16 or SafetensorsDtype.F16 or SafetensorsDtype.BF16 => 2,
        SafetensorsDtype.I32 or SafetensorsDtype.U32 or SafetensorsDtype.F32 => 4,
        SafetensorsDtype.F64 or SafetensorsDtype.I64 or SafetensorsDtype.U64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "No such type."),
    };

    /// <summary>Null where no type has the name, which is spelt exactly.</summary>
    public static SafetensorsDtype? Find(ReadOnlySpan<char> name)
    {
        foreach (SafetensorsDtype dtype in Enum.GetValues<SafetensorsDtype>())
        {
            if (name.SequenceEqual(dtype.ToString())) return dtype;
        }
        return null;
    }
}
