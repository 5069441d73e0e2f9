using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Transformer.Lanes;

/// <summary>Four lanes: SSE, AdvSimd.</summary>
internal readonly unsafe struct Floats128(Vector128<float> vector) : IFloats<Floats128>
{
    private readonly Vector128<float> _vector = vector;

    public static string Name => "vector128";

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats128 value, float* target) => value._vector.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Add(Floats128 a, Floats128 b) => new(a._vector + b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Subtract(Floats128 a, Floats128 b) => new(a._vector - b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Multiply(Floats128 a, Floats128 b) => new(a._vector * b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Divide(Floats128 a, Floats128 b) => new(a._vector / b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 MultiplyAdd(Floats128 a, Floats128 b, Floats128 c) => new(Vector128.MultiplyAddEstimate(a._vector, b._vector, c._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Max(Floats128 a, Floats128 b) => new(Vector128.MaxNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Min(Floats128 a, Floats128 b) => new(Vector128.MinNative(a._vector, b._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 WhereAtMost(Floats128 a, Floats128 b, Floats128 yes, Floats128 no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThanOrEqual(a._vector, b._vector), yes._vector, no._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyDiffer(Floats128 a, Floats128 b) => !Vector128.EqualsAll(a._vector, b._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Round(Floats128 value) => new(Vector128.Round(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 PowerOfTwo(Floats128 whole) =>
        new(Vector128.ShiftLeft(Vector128.ConvertToInt32Native(whole._vector) + Vector128.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Floats128 value)
    {
        Vector128<float> two = Vector128.MaxNative(value._vector, Vector128.Shuffle(value._vector, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(two[0], two[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 Sqrt(Floats128 value) => new(Vector128.Sqrt(value._vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Floats128 value) => Vector128.Sum(value._vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 LoadHalf(ushort* source) => new(LoadTinyHalf(source)._vector * Vector128.Create(HalfSource.Scale));

    // Sign-extended and shifted: the sign stands in bits 26 and up, of which bit 31 alone is kept. The exponent is 112 too small.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 LoadTinyHalf(ushort* source)
    {
        Vector128<int> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(source)).AsInt16());
        Vector128<int> placed = Vector128.ShiftLeft(wide, 13) & Vector128.Create(unchecked((int)0x8FFF_E000));
        return new(placed.AsSingle());
    }

    // A number whose last place is float16's is added, which rounds. Method: M. Dukhan's FP16 library, fp16_ieee_from_fp32_value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalf(Floats128 value, ushort* target)
    {
        Vector128<uint> bits = value._vector.AsUInt32(), sign = bits & Vector128.Create(0x8000_0000u), magnitude = bits ^ sign;
        Vector128<float> scaled = magnitude.AsSingle() * Vector128.Create(BitConverter.UInt32BitsToSingle(0x7780_0000)) * Vector128.Create(BitConverter.UInt32BitsToSingle(0x0880_0000));
        Vector128<uint> exponent = Vector128.Max(magnitude & Vector128.Create(0x7F80_0000u), Vector128.Create(0x3880_0000u));
        Vector128<uint> rounded = ((exponent + Vector128.Create(0x0780_0000u)).AsSingle() + scaled).AsUInt32();
        Vector128<uint> half = (Vector128.ShiftRightLogical(rounded, 13) & Vector128.Create(0x7C00u)) + (rounded & Vector128.Create(0x0FFFu));
        half |= Vector128.ShiftRightLogical(sign, 16);
        Unsafe.WriteUnaligned(target, Vector128.Narrow(half, half).AsInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats128 LoadBytes(sbyte* source)
    {
        Vector128<short> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<int>(source)).AsSByte());
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(words)));
    }
}
