using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Transformer.Lanes;

/// <summary>Eight lanes: AVX2.</summary>
internal readonly unsafe struct Floats256(Vector256<float> vector) : IFloats<Floats256>
{
    private readonly Vector256<float> _vector = vector;

    public static string Name => "vector256";

    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats256 value, float* target) => value._vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Add(Floats256 a, Floats256 b) => new(a._vector + b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Subtract(Floats256 a, Floats256 b) => new(a._vector - b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Multiply(Floats256 a, Floats256 b) => new(a._vector * b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Divide(Floats256 a, Floats256 b) => new(a._vector / b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 MultiplyAdd(Floats256 a, Floats256 b, Floats256 c) => new(Vector256.MultiplyAddEstimate(a._vector, b._vector, c._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Max(Floats256 a, Floats256 b) => new(Vector256.MaxNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Min(Floats256 a, Floats256 b) => new(Vector256.MinNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 WhereAtMost(Floats256 a, Floats256 b, Floats256 yes, Floats256 no) =>
        new(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(a._vector, b._vector), yes._vector, no._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyDiffer(Floats256 a, Floats256 b) => !Vector256.EqualsAll(a._vector, b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Round(Floats256 value) => new(Vector256.Round(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 PowerOfTwo(Floats256 whole) =>
        new(Vector256.ShiftLeft(Vector256.ConvertToInt32Native(whole._vector) + Vector256.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Floats256 value) => Floats128.Largest(new(Vector128.MaxNative(value._vector.GetLower(), value._vector.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 Sqrt(Floats256 value) => new(Vector256.Sqrt(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Floats256 value) => Vector256.Sum(value._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 LoadHalf(ushort* source) => new(LoadTinyHalf(source)._vector * Vector256.Create(HalfSource.Scale));

    // Sign-extended and shifted: the sign stands in bits 26 and up, of which bit 31 alone is kept. The exponent is 112 too small.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 LoadTinyHalf(ushort* source)
    {
        Vector128<short> narrow = Vector128.Load((short*)source);
        Vector256<int> wide = Vector256.Create(Vector128.WidenLower(narrow), Vector128.WidenUpper(narrow));
        Vector256<int> placed = Vector256.ShiftLeft(wide, 13) & Vector256.Create(unchecked((int)0x8FFF_E000));
        return new(placed.AsSingle());
    }

    // A number whose last place is float16's is added, which rounds. Method: M. Dukhan's FP16 library, fp16_ieee_from_fp32_value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Floats256 value, ushort* target)
    {
        Vector256<uint> bits = value._vector.AsUInt32(), sign = bits & Vector256.Create(0x8000_0000u), magnitude = bits ^ sign;
        Vector256<float> scaled = magnitude.AsSingle() * Vector256.Create(BitConverter.UInt32BitsToSingle(0x7780_0000)) * Vector256.Create(BitConverter.UInt32BitsToSingle(0x0880_0000));
        Vector256<uint> exponent = Vector256.Max(magnitude & Vector256.Create(0x7F80_0000u), Vector256.Create(0x3880_0000u));
        Vector256<uint> rounded = ((exponent + Vector256.Create(0x0780_0000u)).AsSingle() + scaled).AsUInt32();
        Vector256<uint> half = (Vector256.ShiftRightLogical(rounded, 13) & Vector256.Create(0x7C00u)) + (rounded & Vector256.Create(0x0FFFu));
        half |= Vector256.ShiftRightLogical(sign, 16);
        Vector128.Narrow(half.GetLower(), half.GetUpper()).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats256 LoadBytes(sbyte* source)
    {
        Vector128<short> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(source)).AsSByte());
        return new(Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words))));
    }
}
