using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Benchmarks.Dense;

/// <summary>Multiply-adds that touch registers only: the ceiling of any float32 kernel of the same width.</summary>
internal static class FmaPeak
{
    private const int Accumulators = 12;

    /// <summary>Runs <paramref name="steps"/> × 12 vector multiply-adds on each thread and returns their operations (two for each lane); a sum keeps them alive.</summary>
    public static double Run(string kernel, long steps, int threads, out float sum)
    {
        float[] sums = new float[threads];
        int lanes = kernel switch { "vector512" => 16, "vector256" => 8, "vector128" => 4, _ => 1 };
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => sums[thread] = kernel switch
        {
            "vector512" => Vector512.Sum(Loop<Vector512<float>, Fma512>(steps)),
            "vector256" => Vector256.Sum(Loop<Vector256<float>, Fma256>(steps)),
            "vector128" => Vector128.Sum(Loop<Vector128<float>, Fma128>(steps)),
            _ => Loop<float, FmaScalar>(steps),
        });
        sum = sums.Sum();
        return 2.0 * lanes * Accumulators * steps * threads;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Loop<T, TFma>(long steps)
        where T : struct
        where TFma : struct, IFma<T>
    {
        T x = TFma.Create(0.999f), y = TFma.Create(0.001f);
        T a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (long step = 0; step < steps; step++)
        {
            a = TFma.MultiplyAdd(a, x, y);
            b = TFma.MultiplyAdd(b, x, y);
            c = TFma.MultiplyAdd(c, x, y);
            d = TFma.MultiplyAdd(d, x, y);
            e = TFma.MultiplyAdd(e, x, y);
            f = TFma.MultiplyAdd(f, x, y);
            g = TFma.MultiplyAdd(g, x, y);
            h = TFma.MultiplyAdd(h, x, y);
            i = TFma.MultiplyAdd(i, x, y);
            j = TFma.MultiplyAdd(j, x, y);
            k = TFma.MultiplyAdd(k, x, y);
            l = TFma.MultiplyAdd(l, x, y);
        }
        T left = TFma.MultiplyAdd(a, b, TFma.MultiplyAdd(c, d, TFma.MultiplyAdd(e, f, y)));
        return TFma.MultiplyAdd(g, h, TFma.MultiplyAdd(i, j, TFma.MultiplyAdd(k, l, left)));
    }

    private interface IFma<T>
    {
        static abstract T Create(float value);

        static abstract T MultiplyAdd(T a, T b, T c);
    }

    private readonly struct Fma512 : IFma<Vector512<float>>
    {
        public static Vector512<float> Create(float value) => Vector512.Create(value);

        public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);
    }

    private readonly struct Fma256 : IFma<Vector256<float>>
    {
        public static Vector256<float> Create(float value) => Vector256.Create(value);

        public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.MultiplyAddEstimate(a, b, c);
    }

    private readonly struct Fma128 : IFma<Vector128<float>>
    {
        public static Vector128<float> Create(float value) => Vector128.Create(value);

        public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);
    }

    private readonly struct FmaScalar : IFma<float>
    {
        public static float Create(float value) => value;

        public static float MultiplyAdd(float a, float b, float c) => (a * b) + c;
    }
}
