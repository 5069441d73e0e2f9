using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Transformer.Lanes;

/// <summary>One lane, without vectors.</summary>
internal readonly unsafe struct Floats1(float value) : IFloats<Floats1>
{
    private readonly float _value = value;

    public static string Name => "scalar";

    public static bool IsSupported => true;

    public static int Count => 1;

    public static Floats1 Load(float* source) => new(*source);

    public static void Store(Floats1 value, float* target) => *target = value._value;

    public static Floats1 Create(float value) => new(value);

    public static Floats1 Add(Floats1 a, Floats1 b) => new(a._value + b._value);

    public static Floats1 Subtract(Floats1 a, Floats1 b) => new(a._value - b._value);

    public static Floats1 Multiply(Floats1 a, Floats1 b) => new(a._value * b._value);

    public static Floats1 Divide(Floats1 a, Floats1 b) => new(a._value / b._value);

    public static Floats1 MultiplyAdd(Floats1 a, Floats1 b, Floats1 c) => new((a._value * b._value) + c._value);

    public static Floats1 Max(Floats1 a, Floats1 b) => new(a._value > b._value ? a._value : b._value);

    public static Floats1 Min(Floats1 a, Floats1 b) => new(a._value < b._value ? a._value : b._value);

    public static Floats1 WhereAtMost(Floats1 a, Floats1 b, Floats1 yes, Floats1 no) => a._value <= b._value ? yes : no;

    public static bool AnyDiffer(Floats1 a, Floats1 b) => !(a._value == b._value);

    public static Floats1 Round(Floats1 value) => new(MathF.Round(value._value));

    public static Floats1 PowerOfTwo(Floats1 whole) => new(BitConverter.Int32BitsToSingle(((int)whole._value + 127) << 23));

    public static float Largest(Floats1 value) => value._value;

    public static Floats1 Sqrt(Floats1 value) => new(MathF.Sqrt(value._value));

    public static float Sum(Floats1 value) => value._value;

    public static Floats1 LoadHalf(ushort* source) => new(LoadTinyHalf(source)._value * HalfSource.Scale);

    public static Floats1 LoadTinyHalf(ushort* source) => new(BitConverter.Int32BitsToSingle(((short)*source << 13) & unchecked((int)0x8FFF_E000)));

    public static void StoreHalf(Floats1 value, ushort* target) => *target = HalfConversion.ToHalfBits(value._value);

    public static Floats1 LoadBytes(sbyte* source) => new(*source);
}
