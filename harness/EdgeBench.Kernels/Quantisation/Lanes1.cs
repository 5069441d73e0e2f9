using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>One lane: what the wider ones must agree with, and what a processor without vectors runs.</summary>
internal readonly struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float _value = value;

    public static string Name => "scalar";

    public static bool IsSupported => true;

    public static int Count => 1;

    public static Lanes1 Load(ref readonly float source) => new(source);

    public static Lanes1 Create(float value) => new(value);

    public static Lanes1 LoadBytes(ref readonly sbyte source) => new(source);

    public static Lanes1 Add(Lanes1 a, Lanes1 b) => new(a._value + b._value);

    public static Lanes1 Multiply(Lanes1 a, Lanes1 b) => new(a._value * b._value);

    public static Lanes1 Subtract(Lanes1 a, Lanes1 b) => new(a._value - b._value);

    public static Lanes1 Divide(Lanes1 a, Lanes1 b) => new(a._value / b._value);

    public static Lanes1 Abs(Lanes1 value) => new(MathF.Abs(value._value));

    public static Lanes1 Sqrt(Lanes1 value) => new(MathF.Sqrt(value._value));

    public static Lanes1 Greater(Lanes1 a, Lanes1 b) => FromBits(a._value > b._value ? uint.MaxValue : 0);

    public static Lanes1 And(Lanes1 a, Lanes1 b) => FromBits(Bits(a) & Bits(b));

    public static Lanes1 Select(Lanes1 mask, Lanes1 a, Lanes1 b) => FromBits((Bits(mask) & Bits(a)) | (~Bits(mask) & Bits(b)));

    public static Lanes1 RoundAwayFromZero(Lanes1 value) => new(MathF.Round(value._value, MidpointRounding.AwayFromZero));

    public static Lanes1 Min(Lanes1 a, Lanes1 b) => new(MathF.Min(a._value, b._value));

    public static Lanes1 Max(Lanes1 a, Lanes1 b) => new(MathF.Max(a._value, b._value));

    public static Lanes1 MaxMagnitudeBits(Lanes1 a, Lanes1 b) => FromBits(Math.Max(Magnitude(a), Magnitude(b)));

    public static uint LargestBits(Lanes1 value) => Bits(value);

    public static uint MagnitudeEquals(Lanes1 value, uint bits) => Magnitude(value) == bits ? 1u : 0;

    public static void Store(Lanes1 value, ref float destination) => destination = value._value;

    public static void StoreTruncated(Lanes1 value, ref sbyte destination) => destination = (sbyte)(int)value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(Lanes1 lane) => BitConverter.SingleToUInt32Bits(lane._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes1 FromBits(uint bits) => new(BitConverter.UInt32BitsToSingle(bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Magnitude(Lanes1 lane) => Bits(lane) & 0x7FFF_FFFF;
}
