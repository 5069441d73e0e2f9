using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Peaks;

/// <summary>Two loads of a whole line.</summary>
internal readonly unsafe struct Read512 : IRead<Vector512<long>>
{
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    public static Vector512<long> Or(Vector512<long> a, byte* from) => a | Vector512.Load((long*)from) | Vector512.Load((long*)(from + 64));

    public static long Sum(Vector512<long> a) => Vector512.Sum(a);
}

/// <summary>Four loads of half a line.</summary>
internal readonly unsafe struct Read256 : IRead<Vector256<long>>
{
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static Vector256<long> Or(Vector256<long> a, byte* from) =>
        a | (Vector256.Load((long*)from) | Vector256.Load((long*)(from + 32))) | (Vector256.Load((long*)(from + 64)) | Vector256.Load((long*)(from + 96)));

    public static long Sum(Vector256<long> a) => Vector256.Sum(a);
}

/// <summary>Eight loads of a quarter; where a processor has no such registers, sixteen of 64 bits.</summary>
internal readonly unsafe struct Read128 : IRead<Vector128<long>>
{
    public static bool IsSupported => true;

    public static Vector128<long> Or(Vector128<long> a, byte* from) => a | (Two(from) | Two(from + 32)) | (Two(from + 64) | Two(from + 96));

    public static long Sum(Vector128<long> a) => Vector128.Sum(a);

    private static Vector128<long> Two(byte* from) => Vector128.Load((long*)from) | Vector128.Load((long*)(from + 16));
}
