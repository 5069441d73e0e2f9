using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>The scales that a search tries: (first + step · i + top) / range for i from 0 to <paramref name="Steps"/>.</summary>
internal readonly record struct ScaleGrid(float First, float Step, int Steps)
{
    /// <summary>What is tried where importances are known.</summary>
    public static ScaleGrid Weighted => new(-0.9f, 0.05f, 36);
}

/// <summary>
/// For each group the scale s and minimum m ≥ 0 that make Σ w (s · level - m - x)² small: levels are rounded with each scale of a grid, then s and m
/// are the least-squares solution for those levels (m = 0 where it would be negative); the best is kept and the grid goes on from its minimum.
/// Method and order of operations: llama.cpp, <c>make_qkx2_quants</c>, <c>make_qkx3_quants</c>, so that the bits agree.
/// </summary>
internal static class ScaleMinimumSearch
{
    /// <param name="x">Gathered groups.</param>
    /// <param name="w">Their elements' weights.</param>
    /// <param name="levels">Levels of the best, gathered, 0 to <paramref name="top"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TLanes>(
        ReadOnlySpan<float> x, ReadOnlySpan<float> w, int size, int top, ScaleGrid grid, out TLanes bestScale, out TLanes bestMinimum, Span<float> levels)
        where TLanes : struct, ILanes<TLanes>
    {
        ref float first = ref MemoryMarshal.GetReference(x);
        ref float weight = ref MemoryMarshal.GetReference(w);
        ref float tried = ref MemoryMarshal.GetReference(levels);
        TLanes zero = TLanes.Create(0), highest = TLanes.Create(top);
        TLanes least = TLanes.Load(in first), most = least, sumW = TLanes.Load(in weight), sumX = TLanes.Multiply(sumW, least);
        for (int i = 1; i < size; i++)
        {
            TLanes value = At<TLanes>(ref first, i), own = At<TLanes>(ref weight, i);
            least = TLanes.Select(TLanes.Greater(least, value), value, least);
            most = TLanes.Select(TLanes.Greater(value, most), value, most);
            sumW = TLanes.Add(sumW, own);
            sumX = TLanes.Add(sumX, TLanes.Multiply(own, value));
        }
        least = TLanes.Select(TLanes.Greater(least, zero), zero, least);
        TLanes inverse = TLanes.Divide(highest, TLanes.Subtract(most, least));
        // Neither a group of one value nor one whose steps are beyond float32's range has levels; both are stored as the minimum alone.
        TLanes usable = TLanes.And(TLanes.Greater(most, least), TLanes.Greater(TLanes.Create(float.MaxValue), inverse));
        inverse = TLanes.Select(usable, inverse, zero);
        TLanes scale = TLanes.Select(usable, TLanes.Divide(TLanes.Create(1), inverse), zero);
        (TLanes chosenInverse, TLanes chosenFrom) = (inverse, least);
        Levels(ref first, size, inverse, least, highest, ref tried);
        TLanes error = Error(ref first, ref weight, size, scale, least, ref tried);
        for (int step = 0; step <= grid.Steps; step++)
        {
            inverse = TLanes.Divide(TLanes.Create(grid.First + (grid.Step * step) + top), TLanes.Subtract(most, least));
            inverse = TLanes.Select(usable, inverse, zero);
            TLanes sumL = zero, sumL2 = zero, sumXL = zero;
            for (int i = 0; i < size; i++)
            {
                TLanes value = At<TLanes>(ref first, i), level = Level(value, inverse, least, highest);
                Put(level, ref tried, i);
                TLanes weighted = TLanes.Multiply(At<TLanes>(ref weight, i), level);
                sumL = TLanes.Add(sumL, weighted);
                sumL2 = TLanes.Add(sumL2, TLanes.Multiply(weighted, level));
                sumXL = TLanes.Add(sumXL, TLanes.Multiply(weighted, value));
            }
            TLanes determinant = TLanes.Subtract(TLanes.Multiply(sumW, sumL2), TLanes.Multiply(sumL, sumL));
            TLanes newScale = TLanes.Divide(TLanes.Subtract(TLanes.Multiply(sumW, sumXL), TLanes.Multiply(sumX, sumL)), determinant);
            TLanes newLeast = TLanes.Divide(TLanes.Subtract(TLanes.Multiply(sumL2, sumX), TLanes.Multiply(sumL, sumXL)), determinant);
            TLanes positive = TLanes.Greater(newLeast, zero);
            newLeast = TLanes.Select(positive, zero, newLeast);
            newScale = TLanes.Select(positive, TLanes.Divide(sumXL, sumL2), newScale);
            TLanes newError = Error(ref first, ref weight, size, newScale, newLeast, ref tried);
            TLanes better = TLanes.And(usable, TLanes.And(TLanes.Greater(determinant, zero), TLanes.Greater(error, newError)));
            error = TLanes.Select(better, newError, error);
            scale = TLanes.Select(better, newScale, scale);
            chosenInverse = TLanes.Select(better, inverse, chosenInverse);
            chosenFrom = TLanes.Select(better, least, chosenFrom);
            least = TLanes.Select(better, newLeast, least);
        }
        Levels(ref first, size, chosenInverse, chosenFrom, highest, ref tried);
        (bestScale, bestMinimum) = (scale, TLanes.Multiply(least, TLanes.Create(-1)));
    }

    private static void Levels<TLanes>(ref float x, int size, TLanes inverse, TLanes least, TLanes highest, ref float levels)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int i = 0; i < size; i++) Put(Level(At<TLanes>(ref x, i), inverse, least, highest), ref levels, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Level<TLanes>(TLanes value, TLanes inverse, TLanes least, TLanes highest)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Max(TLanes.Create(0), TLanes.Min(highest, GroupLanes.Round(TLanes.Multiply(inverse, TLanes.Subtract(value, least)))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Error<TLanes>(ref float x, ref float w, int size, TLanes scale, TLanes least, ref float levels)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes error = TLanes.Create(0);
        for (int i = 0; i < size; i++)
        {
            TLanes difference = TLanes.Subtract(TLanes.Add(TLanes.Multiply(scale, At<TLanes>(ref levels, i)), least), At<TLanes>(ref x, i));
            error = TLanes.Add(error, TLanes.Multiply(At<TLanes>(ref w, i), TLanes.Multiply(difference, difference)));
        }
        return error;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes At<TLanes>(ref float first, int index)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Load(in Unsafe.Add(ref first, index * TLanes.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TLanes>(TLanes value, ref float first, int index)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Store(value, ref Unsafe.Add(ref first, index * TLanes.Count));
}
