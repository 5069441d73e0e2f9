using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Requests of weights well before they are used, where a product of few activations reads memory once: arithmetic on what has arrived fills the window in which a
/// processor looks ahead for itself. Measured on Emerald Rapids, two threads, 1.1B shape from memory, distances 0, 1024, 2048 and 3072 bytes: Q8_0 14–17, 24, 24, 24 GB/s, Q4_0
/// 17–22, 17–20, 22–23, 23–24.
/// </summary>
internal static class ReadAhead
{
    private const int Distance = 3072, LineBytes = 64;

    /// <summary>Requests the lines that lie <see cref="Distance"/> behind a part of what is read.</summary>
    /// <param name="from">Where the part starts, in bytes from <paramref name="at"/>; its lines are those that start in it.</param>
    public static void Emit(Assembler code, Memory at, int from, int end)
    {
        for (int line = (from + LineBytes - 1) / LineBytes * LineBytes; line < end; line += LineBytes) code.Prefetch(at + (Distance + line));
    }
}
