using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Dense;

/// <summary>Asks for memory before it is needed, where the processor has an instruction for it in .NET.</summary>
internal static unsafe class ReadAhead
{
    /// <summary>
    /// Steps of the inner dimension, of 12 cycles in every tile, between asking and use: what a third-level cache takes on a server. Asked for sooner, a tile of C
    /// would be out of the first-level cache again before its sums are there.
    /// </summary>
    public const int Inner = 64;

    private const int Line = 16;

    /// <summary>A step of a packed panel, whose next page the processor does not foresee.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lines(float* first, int columns)
    {
        if (!Sse.IsSupported) return;
        for (int j = 0; j < columns; j += Line) Sse.Prefetch0(first + j);
    }

    /// <summary>A tile of C shortly before its sums are added to it: rows far apart, which the processor does not foresee.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile(float* first, nint stride, int rows, int columns)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j += Line) Sse.Prefetch0(first + (i * stride) + j);
        }
    }
}
