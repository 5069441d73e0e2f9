using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Peaks;

/// <summary>vpmaddubsw, vpaddw of 512 bits: 64 products of 4-bit by 8-bit integers.</summary>
internal readonly struct Nibbles512 : IAccumulate<Vector512<short>>
{
    public static PeakKind Kind => PeakKind.Int4;

    public static string Instructions => "avx512";

    public static bool IsSupported => Avx512BW.IsSupported;

    public static int Operations => 128;

    public static Vector512<short> Seed => Vector512.Create((short)0x0101);

    public static Vector512<short> Add(Vector512<short> a, Vector512<short> x, Vector512<short> y) =>
        Avx512BW.Add(a, Avx512BW.MultiplyAddAdjacent(a.AsByte(), x.AsSByte()));

    public static long Sum(Vector512<short> a) => Vector512.Sum(a);
}

/// <summary>vpmaddubsw, vpaddw of 256 bits: 32 products of 4-bit by 8-bit integers.</summary>
internal readonly struct Nibbles256 : IAccumulate<Vector256<short>>
{
    public static PeakKind Kind => PeakKind.Int4;

    public static string Instructions => "avx2";

    public static bool IsSupported => Avx2.IsSupported;

    public static int Operations => 64;

    public static Vector256<short> Seed => Vector256.Create((short)0x0101);

    public static Vector256<short> Add(Vector256<short> a, Vector256<short> x, Vector256<short> y) =>
        Avx2.Add(a, Avx2.MultiplyAddAdjacent(a.AsByte(), x.AsSByte()));

    public static long Sum(Vector256<short> a) => Vector256.Sum(a);
}
