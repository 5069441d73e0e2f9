using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Peaks;

/// <summary>vpdpbusd of 256 bits: 32 products of unsigned by signed bytes.</summary>
internal readonly struct DotVnni256 : IAccumulate<Vector256<int>>
{
    public static PeakKind Kind => PeakKind.Int8;

    public static string Instructions => "avx2-vnni";

    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Operations => 64;

    public static Vector256<int> Seed => Vector256.Create(0x01010101);

    public static Vector256<int> Add(Vector256<int> a, Vector256<int> x, Vector256<int> y) => AvxVnni.MultiplyWideningAndAdd(a, x.AsByte(), y.AsSByte());

    public static long Sum(Vector256<int> a) => Vector256.Sum(a);
}

/// <summary>vpmaddubsw, vpmaddwd, vpaddd of 512 bits: 64 products of unsigned by signed bytes.</summary>
internal readonly struct DotByPairs512 : IAccumulate<Vector512<int>>
{
    public static PeakKind Kind => PeakKind.Int8;

    public static string Instructions => "avx512";

    public static bool IsSupported => Avx512BW.IsSupported;

    public static int Operations => 128;

    public static Vector512<int> Seed => Vector512.Create(0x01010101);

    // Products of a and x, because of two registers that never change the compiler would compute them once.
    public static Vector512<int> Add(Vector512<int> a, Vector512<int> x, Vector512<int> y) =>
        Avx512F.Add(a, Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(a.AsByte(), x.AsSByte()), Vector512.Create((short)1)));

    public static long Sum(Vector512<int> a) => Vector512.Sum(a);
}

/// <summary>vpmaddubsw, vpmaddwd, vpaddd of 256 bits: 32 products of unsigned by signed bytes.</summary>
internal readonly struct DotByPairs256 : IAccumulate<Vector256<int>>
{
    public static PeakKind Kind => PeakKind.Int8;

    public static string Instructions => "avx2";

    public static bool IsSupported => Avx2.IsSupported;

    public static int Operations => 64;

    public static Vector256<int> Seed => Vector256.Create(0x01010101);

    public static Vector256<int> Add(Vector256<int> a, Vector256<int> x, Vector256<int> y) =>
        Avx2.Add(a, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(a.AsByte(), x.AsSByte()), Vector256.Create((short)1)));

    public static long Sum(Vector256<int> a) => Vector256.Sum(a);
}

/// <summary>sdot: 16 products of signed bytes.</summary>
internal readonly struct DotDp : IAccumulate<Vector128<int>>
{
    public static PeakKind Kind => PeakKind.Int8;

    public static string Instructions => "advsimd-dp";

    public static bool IsSupported => Dp.IsSupported;

    public static int Operations => 32;

    public static Vector128<int> Seed => Vector128.Create(0x01010101);

    public static Vector128<int> Add(Vector128<int> a, Vector128<int> x, Vector128<int> y) => Dp.DotProduct(a, x.AsSByte(), y.AsSByte());

    public static long Sum(Vector128<int> a) => Vector128.Sum(a);
}

/// <summary>smull, smlal2, sadalp: 16 products of signed bytes.</summary>
internal readonly struct DotAdvSimd : IAccumulate<Vector128<int>>
{
    public static PeakKind Kind => PeakKind.Int8;

    public static string Instructions => "advsimd";

    public static bool IsSupported => AdvSimd.IsSupported;

    public static int Operations => 32;

    public static Vector128<int> Seed => Vector128.Create(0x01010101);

    public static Vector128<int> Add(Vector128<int> a, Vector128<int> x, Vector128<int> y)
    {
        Vector128<short> products = AdvSimd.MultiplyWideningLower(a.GetLower().AsSByte(), x.GetLower().AsSByte());
        return AdvSimd.AddPairwiseWideningAndAdd(a, AdvSimd.MultiplyWideningUpperAndAdd(products, a.AsSByte(), y.AsSByte()));
    }

    public static long Sum(Vector128<int> a) => Vector128.Sum(a);
}
