using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Peaks;

/// <summary>Every loop, of each kind the widest instructions first.</summary>
public static class PeakLoops
{
    public static IReadOnlyList<PeakLoop> All { get; } =
    [
        ReadLoop.Of<Vector512<long>, Read512>("vector512"),
        ReadLoop.Of<Vector256<long>, Read256>("vector256"),
        ReadLoop.Of<Vector128<long>, Read128>("vector128"),
        ComputeLoop<Vector512<float>>.Of<Fma512>(),
        ComputeLoop<Vector256<float>>.Of<Fma256>(),
        ComputeLoop<Vector128<float>>.Of<Fma128>(),
        EmittedDot512.Loop,
        ComputeLoop<Vector256<int>>.Of<DotVnni256>(),
        ComputeLoop<Vector512<int>>.Of<DotByPairs512>(),
        ComputeLoop<Vector256<int>>.Of<DotByPairs256>(),
        ComputeLoop<Vector128<int>>.Of<DotDp>(),
        ComputeLoop<Vector128<int>>.Of<DotAdvSimd>(),
        ComputeLoop<Vector512<short>>.Of<Nibbles512>(),
        ComputeLoop<Vector256<short>>.Of<Nibbles256>(),
    ];

    /// <summary>Those of a kind that this processor runs, widest first; of <see cref="PeakKind.Read"/> one is enough.</summary>
    public static IReadOnlyList<PeakLoop> Supported(PeakKind kind) =>
        [.. All.Where(loop => loop.Kind == kind && loop.IsSupported).Take(kind == PeakKind.Read ? 1 : int.MaxValue)];
}
