using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Four lanes: SSE, AdvSimd.</summary>
internal readonly struct Lanes128(Vector128<float> vector) : ILanes<Lanes128>
{
    private readonly Vector128<float> _vector = vector;

    public static string Name => "vector128";

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref readonly float source) => new(Vector128.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBytes(ref readonly sbyte source)
    {
        Vector128<sbyte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<int>(in Unsafe.As<sbyte, byte>(ref Unsafe.AsRef(in source)))).AsSByte();
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a._vector + b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a._vector * b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Subtract(Lanes128 a, Lanes128 b) => new(a._vector - b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Divide(Lanes128 a, Lanes128 b) => new(a._vector / b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) => new(Vector128.MaxNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 value) => new(Vector128.Abs(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 value) => new(Vector128.Sqrt(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Greater(Lanes128 a, Lanes128 b) => new(Vector128.GreaterThan(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 And(Lanes128 a, Lanes128 b) => new(a._vector & b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 a, Lanes128 b) => new(Vector128.ConditionalSelect(mask._vector, a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 RoundAwayFromZero(Lanes128 value)
    {
        Vector128<float> whole = Vector128.Truncate(value._vector);
        // Exact, because both have the same exponent or less.
        Vector128<float> rest = Vector128.Abs(value._vector - whole);
        Vector128<float> one = Vector128.CopySign(Vector128.Create(1f), value._vector);
        return new(whole + Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(rest, Vector128.Create(0.5f)), one, Vector128<float>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) => new(Vector128.MinNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MaxMagnitudeBits(Lanes128 a, Lanes128 b) =>
        new(Vector128.Max(Vector128.Abs(a._vector).AsUInt32(), Vector128.Abs(b._vector).AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LargestBits(Lanes128 value)
    {
        Vector128<uint> bits = value._vector.AsUInt32();
        bits = Vector128.Max(bits, Vector128.Shuffle(bits, Vector128.Create(2u, 3u, 0u, 1u)));
        return Vector128.Max(bits, Vector128.Shuffle(bits, Vector128.Create(1u, 0u, 3u, 2u))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MagnitudeEquals(Lanes128 value, uint bits) =>
        (uint)Vector128.Equals(Vector128.Abs(value._vector).AsUInt32(), Vector128.Create(bits)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, ref float destination) => value._vector.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTruncated(Lanes128 value, ref sbyte destination)
    {
        Vector128<int> whole = Vector128.ConvertToInt32Native(value._vector);
        Vector128<short> words = Vector128.Narrow(whole, whole);
        Unsafe.WriteUnaligned(ref Unsafe.As<sbyte, byte>(ref destination), Vector128.Narrow(words, words).AsInt32().ToScalar());
    }
}
