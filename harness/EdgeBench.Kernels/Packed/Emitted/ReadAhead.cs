using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>
/// Requests of weights well before they are used, where a product of few activations reads memory once: arithmetic on what has arrived fills the window in which a
/// processor looks ahead for itself. Spread over the code, a line with each line that is used: several at once fill the first-level cache's queue of misses.
/// </summary>
internal static class ReadAhead
{
    private const int Bytes = 4096;

    /// <summary>Requests the line that far behind a place; it need not exist.</summary>
    public static void Emit(Assembler code, Memory place) => code.Prefetch(place + Bytes);
}
