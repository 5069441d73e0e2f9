using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// For each group the scale s that makes Σ w (s · level - x)² small, levels from -zero to zero - 1: levels are rounded with scales around
/// m / -zero, m the element of largest magnitude, then s is the least-squares solution for those levels. Without weights the square of the element is its
/// weight. Method and order of operations: llama.cpp, <c>make_qx_quants</c>, so that the bits agree.
/// </summary>
internal static class ScaleSearch
{
    // Below it a group counts as zeros.
    private const float Least = 1e-15f;

    private const int Reach = 9;

    /// <param name="levels">Levels of the best plus <paramref name="zero"/>, gathered; 0 throughout a group of zeros.</param>
    /// <returns>The scales; 0 for a group of zeros.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TLanes Run<TLanes>(ReadOnlySpan<float> x, ReadOnlySpan<float> w, int size, int zero, Span<float> levels)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float first = ref MemoryMarshal.GetReference(x);
        ref float weight = ref MemoryMarshal.GetReference(w);
        TLanes none = TLanes.Create(0), magnitude = none, extreme = none;
        for (int i = 0; i < size; i++)
        {
            TLanes value = At<TLanes>(ref first, i), own = TLanes.Abs(value), larger = TLanes.Greater(own, magnitude);
            magnitude = TLanes.Select(larger, own, magnitude);
            extreme = TLanes.Select(larger, value, extreme);
        }
        // A group of zeros divides by 1 instead; nothing of it is used.
        TLanes usable = TLanes.Select(TLanes.Greater(TLanes.Create(Least), magnitude), none, TLanes.Greater(magnitude, none));
        extreme = TLanes.Select(usable, extreme, TLanes.Create(1));
        TLanes chosen = TLanes.Divide(TLanes.Create(-zero), extreme);
        Sums(ref first, ref weight, size, zero, chosen, out TLanes sumXL, out TLanes sumL2);
        TLanes scale = TLanes.Select(TLanes.Greater(sumL2, none), TLanes.Divide(sumXL, sumL2), none);
        TLanes best = TLanes.Multiply(scale, sumXL);
        for (int step = -Reach; step <= Reach; step++)
        {
            if (step == 0) continue;
            TLanes inverse = TLanes.Divide(TLanes.Create(-(zero + (0.1f * step))), extreme);
            Sums(ref first, ref weight, size, zero, inverse, out sumXL, out sumL2);
            TLanes better = TLanes.And(TLanes.Greater(sumL2, none), TLanes.Greater(TLanes.Multiply(sumXL, sumXL), TLanes.Multiply(best, sumL2)));
            TLanes newScale = TLanes.Divide(sumXL, sumL2);
            scale = TLanes.Select(better, newScale, scale);
            best = TLanes.Select(better, TLanes.Multiply(newScale, sumXL), best);
            chosen = TLanes.Select(better, inverse, chosen);
        }
        for (int i = 0; i < size; i++)
        {
            TLanes stored = TLanes.Add(Level(At<TLanes>(ref first, i), chosen, zero), TLanes.Create(zero));
            TLanes.Store(TLanes.And(usable, stored), ref levels[i * TLanes.Count]);
        }
        return TLanes.And(usable, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums<TLanes>(ref float x, ref float w, int size, int zero, TLanes inverse, out TLanes sumXL, out TLanes sumL2)
        where TLanes : struct, ILanes<TLanes>
    {
        (sumXL, sumL2) = (TLanes.Create(0), TLanes.Create(0));
        for (int i = 0; i < size; i++)
        {
            TLanes value = At<TLanes>(ref x, i), weight = At<TLanes>(ref w, i), level = Level(value, inverse, zero);
            sumXL = TLanes.Add(sumXL, TLanes.Multiply(TLanes.Multiply(weight, value), level));
            sumL2 = TLanes.Add(sumL2, TLanes.Multiply(TLanes.Multiply(weight, level), level));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Level<TLanes>(TLanes value, TLanes inverse, int zero)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Max(TLanes.Create(-zero), TLanes.Min(TLanes.Create(zero - 1), GroupLanes.Round(TLanes.Multiply(inverse, value))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes At<TLanes>(ref float first, int index)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Load(in Unsafe.Add(ref first, index * TLanes.Count));
}
