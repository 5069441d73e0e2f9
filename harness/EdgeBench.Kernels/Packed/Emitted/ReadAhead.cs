using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Requests of weights well before they are used, where a product of few activations reads memory once: arithmetic on what has arrived fills the window in which a
/// processor looks ahead for itself. Far ahead into the second-level cache, whose queue of misses is longer, and from there shortly before use into the first, so
/// that loads take no place among the misses. Spread over the code, a line with each line that is used. (Golden Cove, one thread, Q4_0, share of a
/// plain read's rate: 8 KiB ahead alone 0.88 and 0.90 in two series, 1 KiB too 0.90 and 0.90, and in two streams 0.96 and 0.95; 2 KiB instead of 1 then 0.98.)
/// </summary>
internal static class ReadAhead
{
    private const int FarBytes = 8192, NearBytes = 2048, LineBytes = 64;

    /// <summary>Requests lines behind a place; they need not exist.</summary>
    public static void Emit(Assembler code, Memory place)
    {
        code.Prefetch(place + FarBytes, cacheLevel: 2);
        code.Prefetch(place + NearBytes, cacheLevel: 1);
    }

    /// <summary>The part of a unit's lines that falls on one of so many steps of the code that uses it.</summary>
    public static void Emit(Assembler code, PackedFormat format, Memory unit, int step, int steps)
    {
        int lines = format.UnitBytes / LineBytes;
        for (int line = step * lines / steps; line < (step + 1) * lines / steps; line++) Emit(code, unit + (line * LineBytes));
    }
}
