using System.Runtime.CompilerServices;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Dense;

/// <summary>Packs panels of an operand in float16, widened on the way; as <see cref="Panel.Pack"/>, which clears what lies past the operand's rows.</summary>
internal static unsafe class HalfPanel
{
    // Inner indices that are widened at once: four lines of cache of each row, and a panel's 32 rows of them stay in the first-level cache.
    private const int Inner = 128;

    [SkipLocalsInit]
    public static void Pack(Operand operand, int first, int rows, int width, int start, int k, float* target)
    {
        ushort* source = (ushort*)operand.Address;
        if (operand.InnerMajor)
        {
            for (int p = 0; p < k; p++) Widen(source + ((nint)(start + p) * operand.Stride) + first, target + ((nint)p * width), rows);
            return;
        }
        float* wide = stackalloc float[width * Inner];
        for (int p = 0; p < k; p += Inner)
        {
            int count = Math.Min(Inner, k - p);
            for (int i = 0; i < rows; i++) Widen(source + ((nint)(first + i) * operand.Stride) + start + p, wide + (i * count), count);
            Panel.Transpose(wide, count, rows, count, target + ((nint)p * width), width);
        }
    }

    private static void Widen(ushort* source, float* target, int count) =>
        HalfConversion.FromHalf(new ReadOnlySpan<byte>(source, count * sizeof(ushort)), new Span<float>(target, count));
}
