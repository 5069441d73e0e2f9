using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Transformer.Lanes;

/// <summary>Sixteen lanes: AVX-512.</summary>
internal readonly unsafe struct Floats512(Vector512<float> vector) : IFloats<Floats512>
{
    private readonly Vector512<float> _vector = vector;

    public static string Name => "vector512";

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats512 value, float* target) => value._vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Add(Floats512 a, Floats512 b) => new(a._vector + b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Subtract(Floats512 a, Floats512 b) => new(a._vector - b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Multiply(Floats512 a, Floats512 b) => new(a._vector * b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Divide(Floats512 a, Floats512 b) => new(a._vector / b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 MultiplyAdd(Floats512 a, Floats512 b, Floats512 c) => new(Vector512.MultiplyAddEstimate(a._vector, b._vector, c._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Max(Floats512 a, Floats512 b) => new(Vector512.MaxNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Min(Floats512 a, Floats512 b) => new(Vector512.MinNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 WhereAtMost(Floats512 a, Floats512 b, Floats512 yes, Floats512 no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(a._vector, b._vector), yes._vector, no._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyDiffer(Floats512 a, Floats512 b) => !Vector512.EqualsAll(a._vector, b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Round(Floats512 value) => new(Vector512.Round(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 PowerOfTwo(Floats512 whole) =>
        new(Vector512.ShiftLeft(Vector512.ConvertToInt32Native(whole._vector) + Vector512.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Floats512 value) => Floats256.Largest(new(Vector256.MaxNative(value._vector.GetLower(), value._vector.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 Sqrt(Floats512 value) => new(Vector512.Sqrt(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Floats512 value) => Vector512.Sum(value._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 LoadHalf(ushort* source) => new(LoadTinyHalf(source)._vector * Vector512.Create(HalfSource.Scale));

    // Sign-extended and shifted: the sign stands in bits 26 and up, of which bit 31 alone is kept. The exponent is 112 too small.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 LoadTinyHalf(ushort* source)
    {
        Vector512<int> wide = Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source));
        Vector512<int> placed = Vector512.ShiftLeft(wide, 13) & Vector512.Create(unchecked((int)0x8FFF_E000));
        return new(placed.AsSingle());
    }

    // A number whose last place is float16's is added, which rounds. Method: M. Dukhan's FP16 library, fp16_ieee_from_fp32_value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Floats512 value, ushort* target)
    {
        Vector512<uint> bits = value._vector.AsUInt32(), sign = bits & Vector512.Create(0x8000_0000u), magnitude = bits ^ sign;
        Vector512<float> scaled = magnitude.AsSingle() * Vector512.Create(BitConverter.UInt32BitsToSingle(0x7780_0000)) * Vector512.Create(BitConverter.UInt32BitsToSingle(0x0880_0000));
        Vector512<uint> exponent = Vector512.Max(magnitude & Vector512.Create(0x7F80_0000u), Vector512.Create(0x3880_0000u));
        Vector512<uint> rounded = ((exponent + Vector512.Create(0x0780_0000u)).AsSingle() + scaled).AsUInt32();
        Vector512<uint> half = (Vector512.ShiftRightLogical(rounded, 13) & Vector512.Create(0x7C00u)) + (rounded & Vector512.Create(0x0FFFu));
        half |= Vector512.ShiftRightLogical(sign, 16);
        Avx512F.ConvertToVector256UInt16(half).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats512 LoadBytes(sbyte* source)
    {
        return new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source))));
    }
}
