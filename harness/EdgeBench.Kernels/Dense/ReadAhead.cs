using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeBench.Kernels.Dense;

/// <summary>Asks for memory before it is needed, where the processor has an instruction for it in .NET.</summary>
internal static unsafe class ReadAhead
{
    private const int Line = 16;

    /// <summary>A tile of C while its sums are made: rows far apart, which the processor does not foresee.</summary>
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
