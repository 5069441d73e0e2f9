using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>The kernel sets by .NET's vector classes, fastest first of each architecture.</summary>
internal static class IntrinsicsSets
{
    public static IReadOnlyList<KernelSet> All { get; } =
    [
        new IntrinsicsSet<Vectors512, Dots512, Vector512<int>, Vector512<float>>(),
        new IntrinsicsSet<Vectors256, VnniDots256, Vector256<int>, Vector256<float>>(),
        new IntrinsicsSet<Vectors256, Dots256, Vector256<int>, Vector256<float>>(),
        new IntrinsicsSet<Vectors128, DotProducts128, Vector128<int>, Vector128<float>>(),
        new IntrinsicsSet<Vectors128, Dots128, Vector128<int>, Vector128<float>>(),
    ];
}
