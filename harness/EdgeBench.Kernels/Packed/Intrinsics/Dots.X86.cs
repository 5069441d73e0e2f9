using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>
/// AVX2. <c>vpmaddubsw</c> adds two products in 16 bits and saturates, so what it adds must fit: 15 · 127 · 2 eight times, 63 · 127 · 2 once; of eight bits
/// the magnitude of the weight times the activation with the weight's sign, 128 · 127 · 2.
/// </summary>
internal readonly struct Dots256 : IDots<Vector256<int>>
{
    public static string Name => "avx2-intrinsics";

    public static string? Missing => Avx2.IsSupported && Fma.IsSupported ? null : "AVX2 and FMA";

    public static bool TakesSignedBytes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot<TLevels>(Vector256<int> sum, Vector256<int> weights, Vector256<int> activations)
        where TLevels : struct, ILevels
    {
        if (TLevels.Bits == 4) return (sum.AsInt16() + Avx2.MultiplyAddAdjacent(weights.AsByte(), activations.AsSByte())).AsInt32();
        Vector256<short> pairs = TLevels.Bits == 8
            ? Avx2.MultiplyAddAdjacent(Avx2.Abs(weights.AsSByte()), Avx2.Sign(activations.AsSByte(), weights.AsSByte()))
            : Avx2.MultiplyAddAdjacent(weights.AsByte(), activations.AsSByte());
        return sum + Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((short)1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Finish<TLevels>(Vector256<int> sum)
        where TLevels : struct, ILevels =>
        TLevels.Bits == 4 ? Avx2.MultiplyAddAdjacent(sum.AsInt16(), Vector256.Create((short)1)) : sum;
}

/// <summary>AVX-VNNI, the 256-bit form: unsigned weights, no saturation.</summary>
internal readonly struct VnniDots256 : IDots<Vector256<int>>
{
    public static string Name => "avx2-vnni-intrinsics";

    public static string? Missing => AvxVnni.IsSupported && Fma.IsSupported ? null : "AVX-VNNI";

    public static bool TakesSignedBytes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot<TLevels>(Vector256<int> sum, Vector256<int> weights, Vector256<int> activations)
        where TLevels : struct, ILevels => AvxVnni.MultiplyWideningAndAdd(sum, weights.AsByte(), activations.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Finish<TLevels>(Vector256<int> sum)
        where TLevels : struct, ILevels => sum;
}

/// <summary>AVX-512BW: as <see cref="Dots256"/>; a sign is carried over by a mask.</summary>
internal readonly struct Dots512 : IDots<Vector512<int>>
{
    public static string Name => "avx512";

    public static string? Missing => Avx512BW.IsSupported ? null : "AVX-512BW";

    public static bool TakesSignedBytes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Dot<TLevels>(Vector512<int> sum, Vector512<int> weights, Vector512<int> activations)
        where TLevels : struct, ILevels
    {
        if (TLevels.Bits == 4) return (sum.AsInt16() + Avx512BW.MultiplyAddAdjacent(weights.AsByte(), activations.AsSByte())).AsInt32();
        Vector512<short> pairs = TLevels.Bits == 8
            ? Avx512BW.MultiplyAddAdjacent(Avx512BW.Abs(weights.AsSByte()), Signed(activations.AsSByte(), weights.AsSByte()))
            : Avx512BW.MultiplyAddAdjacent(weights.AsByte(), activations.AsSByte());
        return sum + Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create((short)1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Finish<TLevels>(Vector512<int> sum)
        where TLevels : struct, ILevels =>
        TLevels.Bits == 4 ? Avx512BW.MultiplyAddAdjacent(sum.AsInt16(), Vector512.Create((short)1)) : sum;

    // A weight of zero needs no zero here: its magnitude is one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Signed(Vector512<sbyte> value, Vector512<sbyte> sign) =>
        Vector512.ConditionalSelect(Vector512.LessThan(sign, Vector512<sbyte>.Zero), -value, value);
}
