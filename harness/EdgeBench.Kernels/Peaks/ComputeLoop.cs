using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Peaks;

/// <summary>One multiply-accumulate instruction, or the few that stand for it, on a register.</summary>
internal interface IAccumulate<T>
{
    static abstract PeakKind Kind { get; }

    static abstract string Instructions { get; }

    static abstract bool IsSupported { get; }

    /// <summary>Operations of one <see cref="Add"/>: a multiplication and an addition for each pair of elements.</summary>
    static abstract int Operations { get; }

    /// <summary>A register that is neither zero nor grows out of its range over many steps.</summary>
    static abstract T Seed { get; }

    /// <summary>a plus the products of x and y.</summary>
    static abstract T Add(T a, T x, T y);

    static abstract long Sum(T a);
}

/// <summary>Twelve independent accumulators: as many as hide the latency of an accumulation (4 cycles at two a cycle need 8), and they fit 16 registers.</summary>
internal static class ComputeLoop<T>
    where T : struct
{
    private const int Accumulators = 12;

    public static PeakLoop Of<TAccumulate>()
        where TAccumulate : struct, IAccumulate<T> =>
        new(TAccumulate.Kind, TAccumulate.Instructions, TAccumulate.IsSupported, (double)Accumulators * TAccumulate.Operations, Run<TAccumulate>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Run<TAccumulate>(nint data, long steps)
        where TAccumulate : struct, IAccumulate<T>
    {
        T x = TAccumulate.Seed, y = TAccumulate.Seed;
        T a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (long step = 0; step < steps; step++)
        {
            a = TAccumulate.Add(a, x, y);
            b = TAccumulate.Add(b, x, y);
            c = TAccumulate.Add(c, x, y);
            d = TAccumulate.Add(d, x, y);
            e = TAccumulate.Add(e, x, y);
            f = TAccumulate.Add(f, x, y);
            g = TAccumulate.Add(g, x, y);
            h = TAccumulate.Add(h, x, y);
            i = TAccumulate.Add(i, x, y);
            j = TAccumulate.Add(j, x, y);
            k = TAccumulate.Add(k, x, y);
            l = TAccumulate.Add(l, x, y);
        }
        return TAccumulate.Sum(a) + TAccumulate.Sum(b) + TAccumulate.Sum(c) + TAccumulate.Sum(d) + TAccumulate.Sum(e) + TAccumulate.Sum(f)
            + TAccumulate.Sum(g) + TAccumulate.Sum(h) + TAccumulate.Sum(i) + TAccumulate.Sum(j) + TAccumulate.Sum(k) + TAccumulate.Sum(l);
    }
}
