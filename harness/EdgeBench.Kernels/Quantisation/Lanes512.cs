using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Sixteen lanes: AVX-512F.</summary>
internal readonly struct Lanes512(Vector512<float> vector) : ILanes<Lanes512>
{
    private readonly Vector512<float> _vector = vector;

    public static string Name => "vector512";

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly float source) => new(Vector512.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBytes(ref readonly sbyte source)
    {
        return new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(in source))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 a, Lanes512 b) => new(a._vector + b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Multiply(Lanes512 a, Lanes512 b) => new(a._vector * b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Subtract(Lanes512 a, Lanes512 b) => new(a._vector - b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Divide(Lanes512 a, Lanes512 b) => new(a._vector / b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.MaxNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 value) => new(Vector512.Abs(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Greater(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThan(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 And(Lanes512 a, Lanes512 b) => new(a._vector & b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 a, Lanes512 b) => new(Vector512.ConditionalSelect(mask._vector, a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 RoundAwayFromZero(Lanes512 value)
    {
        Vector512<float> whole = Vector512.Truncate(value._vector);
        // Exact, because both have the same exponent or less.
        Vector512<float> rest = Vector512.Abs(value._vector - whole);
        Vector512<float> one = Vector512.CopySign(Vector512.Create(1f), value._vector);
        return new(whole + Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(rest, Vector512.Create(0.5f)), one, Vector512<float>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.MinNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MaxMagnitudeBits(Lanes512 a, Lanes512 b) =>
        new(Vector512.Max(Vector512.Abs(a._vector).AsUInt32(), Vector512.Abs(b._vector).AsUInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LargestBits(Lanes512 value)
    {
        Vector512<uint> bits = value._vector.AsUInt32();
        return Lanes256.LargestBits(new(Vector256.Max(bits.GetLower(), bits.GetUpper()).AsSingle()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MagnitudeEquals(Lanes512 value, uint bits) =>
        (uint)Vector512.Equals(Vector512.Abs(value._vector).AsUInt32(), Vector512.Create(bits)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, ref float destination) => value._vector.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTruncated(Lanes512 value, ref sbyte destination)
    {
        Avx512F.ConvertToVector128SByte(Vector512.ConvertToInt32Native(value._vector)).StoreUnsafe(ref destination);
    }
}
