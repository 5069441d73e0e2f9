using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Groups side by side: element i of the group in lane l at <c>i · lanes + l</c>. A search then runs over as many groups at once as there are lanes, and
/// adds up each group's elements in their order, as a scalar program does, so that every width gives the same bits.
/// </summary>
internal static class GroupLanes
{
    /// <summary>The most that any search works on at once: 16 lanes of 32 elements.</summary>
    public const int Capacity = 16 * 32;

    /// <summary>Takes groups from <paramref name="firstGroup"/> on; lanes after the last group get zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(ReadOnlySpan<float> source, int firstGroup, int groupSize, int lanes, Span<float> target)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            int start = (firstGroup + lane) * groupSize;
            if (start >= source.Length)
            {
                for (int i = 0; i < groupSize; i++) target[(i * lanes) + lane] = 0;
                continue;
            }
            ReadOnlySpan<float> group = source.Slice(start, groupSize);
            for (int i = 0; i < group.Length; i++) target[(i * lanes) + lane] = group[i];
        }
    }

    /// <summary>Puts whole numbers of the gathered groups back into their places as stored levels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(ReadOnlySpan<float> gathered, int firstGroup, int groupSize, int lanes, Span<sbyte> levels)
    {
        for (int lane = 0; lane < lanes && (firstGroup + lane) * groupSize < levels.Length; lane++)
        {
            Span<sbyte> group = levels.Slice((firstGroup + lane) * groupSize, groupSize);
            for (int i = 0; i < group.Length; i++) group[i] = (sbyte)gathered[(i * lanes) + lane];
        }
    }

    /// <summary>Rounds to the nearest whole number, ties to even; |value| up to 2²².</summary>
    public static TLanes Round<TLanes>(TLanes value)
        where TLanes : struct, ILanes<TLanes>
    {
        // 1.5 · 2²³: its last place is 1, so that adding it rounds.
        TLanes shift = TLanes.Create(12_582_912f);
        return TLanes.Subtract(TLanes.Add(value, shift), shift);
    }
}
