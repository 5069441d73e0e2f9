using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Peaks;

/// <summary>16 fused multiply-adds.</summary>
internal readonly struct Fma512 : IAccumulate<Vector512<float>>
{
    public static PeakKind Kind => PeakKind.F32;

    public static string Instructions => "avx512";

    public static bool IsSupported => Avx512F.IsSupported;

    public static int Operations => 32;

    // Sums grow until a quarter more is lost to rounding: no infinity, and no denormal, which some processors are slow at.
    public static Vector512<float> Seed => Vector512.Create(0.5f);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> x, Vector512<float> y) => Avx512F.FusedMultiplyAdd(x, y, a);

    public static long Sum(Vector512<float> a) => (long)Vector512.Sum(a);
}

/// <summary>8 fused multiply-adds.</summary>
internal readonly struct Fma256 : IAccumulate<Vector256<float>>
{
    public static PeakKind Kind => PeakKind.F32;

    public static string Instructions => "avx2";

    public static bool IsSupported => Avx2.IsSupported && System.Runtime.Intrinsics.X86.Fma.IsSupported;

    public static int Operations => 16;

    public static Vector256<float> Seed => Vector256.Create(0.5f);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> x, Vector256<float> y) => System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(x, y, a);

    public static long Sum(Vector256<float> a) => (long)Vector256.Sum(a);
}

/// <summary>4 fused multiply-adds.</summary>
internal readonly struct Fma128 : IAccumulate<Vector128<float>>
{
    public static PeakKind Kind => PeakKind.F32;

    public static string Instructions => "advsimd";

    public static bool IsSupported => AdvSimd.IsSupported;

    public static int Operations => 8;

    public static Vector128<float> Seed => Vector128.Create(0.5f);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> x, Vector128<float> y) => AdvSimd.FusedMultiplyAdd(a, x, y);

    public static long Sum(Vector128<float> a) => (long)Vector128.Sum(a);
}
