using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Eight lanes: AVX2.</summary>
internal readonly struct Lanes256(Vector256<float> vector) : ILanes<Lanes256>
{
    private readonly Vector256<float> _vector = vector;

    public static string Name => "vector256";

    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly float source) => new(Vector256.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBytes(ref readonly sbyte source)
    {
        Vector128<sbyte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(in Unsafe.As<sbyte, byte>(ref Unsafe.AsRef(in source)))).AsSByte();
        Vector128<short> words = Vector128.WidenLower(bytes);
        return new(Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(a._vector + b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 a, Lanes256 b) => new(a._vector * b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Subtract(Lanes256 a, Lanes256 b) => new(a._vector - b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Divide(Lanes256 a, Lanes256 b) => new(a._vector / b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.MaxNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 value) => new(Vector256.Abs(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Greater(Lanes256 a, Lanes256 b) => new(Vector256.GreaterThan(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 And(Lanes256 a, Lanes256 b) => new(a._vector & b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 a, Lanes256 b) => new(Vector256.ConditionalSelect(mask._vector, a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 RoundAwayFromZero(Lanes256 value)
    {
        Vector256<float> whole = Vector256.Truncate(value._vector);
        // Exact, because both have the same exponent or less.
        Vector256<float> rest = Vector256.Abs(value._vector - whole);
        Vector256<float> one = Vector256.CopySign(Vector256.Create(1f), value._vector);
        return new(whole + Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(rest, Vector256.Create(0.5f)), one, Vector256<float>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.MinNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MaxMagnitudeBits(Lanes256 a, Lanes256 b) =>
        new(Vector256.Max(Vector256.Abs(a._vector).AsUInt32(), Vector256.Abs(b._vector).AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LargestBits(Lanes256 value)
    {
        Vector256<uint> bits = value._vector.AsUInt32();
        return Lanes128.LargestBits(new(Vector128.Max(bits.GetLower(), bits.GetUpper()).AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MagnitudeEquals(Lanes256 value, uint bits) =>
        (uint)Vector256.Equals(Vector256.Abs(value._vector).AsUInt32(), Vector256.Create(bits)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, ref float destination) => value._vector.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTruncated(Lanes256 value, ref sbyte destination)
    {
        Vector256<int> whole = Vector256.ConvertToInt32Native(value._vector);
        Vector128<short> words = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        Unsafe.WriteUnaligned(ref Unsafe.As<sbyte, byte>(ref destination), Vector128.Narrow(words, words).AsInt64().ToScalar());
    }
}
