using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>Arm's dot products (<c>sdot</c>): both sides signed, levels of up to six bits are anyway.</summary>
internal readonly struct DotProducts128 : IDots<Vector128<int>>
{
    public static string Name => "advsimd-dp";

    public static string? Missing => Dp.IsSupported ? null : "Arm's dot product instructions";

    public static bool TakesSignedBytes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot<TLevels>(Vector128<int> sum, Vector128<int> weights, Vector128<int> activations)
        where TLevels : struct, ILevels => Dp.DotProduct(sum, weights.AsSByte(), activations.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Finish<TLevels>(Vector128<int> sum)
        where TLevels : struct, ILevels => sum;
}

/// <summary>Advanced SIMD without dot products: products in 16 bits, neighbours added in 16 (at most 128 · 127 · 2), then in 32 bits.</summary>
internal readonly struct Dots128 : IDots<Vector128<int>>
{
    public static string Name => "advsimd";

    public static string? Missing => AdvSimd.Arm64.IsSupported ? null : "Arm's Advanced SIMD";

    public static bool TakesSignedBytes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot<TLevels>(Vector128<int> sum, Vector128<int> weights, Vector128<int> activations)
        where TLevels : struct, ILevels
    {
        Vector128<sbyte> w = weights.AsSByte(), a = activations.AsSByte();
        Vector128<short> low = AdvSimd.MultiplyWideningLower(w.GetLower(), a.GetLower()), high = AdvSimd.MultiplyWideningUpper(w, a);
        return AdvSimd.AddPairwiseWideningAndAdd(sum, AdvSimd.Arm64.AddPairwise(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Finish<TLevels>(Vector128<int> sum)
        where TLevels : struct, ILevels => sum;
}
