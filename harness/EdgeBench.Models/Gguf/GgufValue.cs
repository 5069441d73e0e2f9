namespace EdgeBench.Models.Gguf;

/// <summary>Types of metadata values by their number in a file.</summary>
public enum GgufValueType : uint
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}

/// <summary>A metadata value with the type that it has in the file.</summary>
public sealed record GgufValue
{
    internal GgufValue(GgufValueType type, object raw) => (Type, Raw) = (type, raw);

    public GgufValueType Type { get; }

    /// <summary>A boxed .NET primitive, a <see cref="string"/> or a <see cref="GgufArray"/>.</summary>
    public object Raw { get; }

    public static GgufValue From(byte value) => new(GgufValueType.UInt8, value);

    public static GgufValue From(sbyte value) => new(GgufValueType.Int8, value);

    public static GgufValue From(ushort value) => new(GgufValueType.UInt16, value);

    public static GgufValue From(short value) => new(GgufValueType.Int16, value);

    public static GgufValue From(uint value) => new(GgufValueType.UInt32, value);

    public static GgufValue From(int value) => new(GgufValueType.Int32, value);

    public static GgufValue From(ulong value) => new(GgufValueType.UInt64, value);

    public static GgufValue From(long value) => new(GgufValueType.Int64, value);

    public static GgufValue From(float value) => new(GgufValueType.Float32, value);

    public static GgufValue From(double value) => new(GgufValueType.Float64, value);

    public static GgufValue From(bool value) => new(GgufValueType.Bool, value);

    public static GgufValue From(string value) => new(GgufValueType.String, value);

    public static GgufValue From(GgufArray value) => new(GgufValueType.Array, value);

    /// <summary>Text, or null where this is no string.</summary>
    public string? AsText() => Raw as string;

    public bool? AsBoolean() => Raw as bool?;

    public GgufArray? AsArray() => Raw as GgufArray;

    /// <summary>Any integer type's value, or null where this is none or does not fit.</summary>
    public long? AsInteger() => Raw switch
    {
        byte value => value,
        sbyte value => value,
        ushort value => value,
        short value => value,
        uint value => value,
        int value => value,
        long value => value,
        ulong value and <= long.MaxValue => (long)value,
        _ => null,
    };

    /// <summary>Any number's value, or null where this is none.</summary>
    public double? AsNumber() => Raw switch
    {
        float value => value,
        double value => value,
        _ => AsInteger(),
    };

    public override string ToString() => Raw is GgufArray array ? array.ToString() : FormattableString.Invariant($"{Raw}");
}

/// <summary>A metadata array: <see cref="Elements"/> is an array of the .NET type of <see cref="ElementType"/>, of strings, or of arrays.</summary>
public sealed record GgufArray(GgufValueType ElementType, Array Elements)
{
    public int Count => Elements.Length;

    /// <summary>Null where the elements are no strings.</summary>
    public string[]? AsTexts() => Elements as string[];

    public override string ToString() => $"{ElementType}[{Count}]";
}
