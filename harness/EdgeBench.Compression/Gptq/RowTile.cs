using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeBench.Compression.Gptq;

/// <summary>
/// A few rows of a weight matrix while GPTQ works on them, transposed: the same column of all rows lies together, in two SIMD vectors. Rows do not
/// influence each other, so neither the number of lanes nor of threads changes a result.
/// </summary>
internal sealed class RowTile(int steps)
{
    /// <summary>Rows of a tile.</summary>
    public static int Rows => 2 * Vector<float>.Count;

    /// <summary>[steps, rows]: weights with the corrections made so far.</summary>
    public float[] Weights { get; } = new float[steps * Rows];

    /// <summary>[steps, rows]: (weight - value) / U[step, step].</summary>
    public float[] Errors { get; } = new float[steps * Rows];

    /// <summary>Corrects steps <paramref name="from"/> to <paramref name="to"/> by the errors of all steps before <paramref name="from"/>.</summary>
    /// <param name="transposed">Uᵀ, row-major.</param>
    public void Correct(ReadOnlySpan<float> transposed, int from, int to)
    {
        int step = from;
        for (; step + 4 <= to; step += 4) CorrectFour(transposed, step, from);
        for (; step < to; step++) Correct(transposed, step, 0, from);
    }

    /// <summary>Corrects one step by the errors of steps <paramref name="first"/> to <paramref name="end"/>.</summary>
    public void Correct(ReadOnlySpan<float> transposed, int step, int first, int end)
    {
        int lanes = Vector<float>.Count;
        ref float errors = ref MemoryMarshal.GetArrayDataReference(Errors);
        Span<float> weights = Weights.AsSpan(step * Rows, Rows);
        ReadOnlySpan<float> factors = transposed.Slice(step * steps, steps);
        Vector<float> low = new(weights), high = new(weights[lanes..]);
        for (int i = first; i < end; i++)
        {
            Vector<float> factor = new(-factors[i]);
            low = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref errors, (nuint)(i * Rows)), factor, low);
            high = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref errors, (nuint)((i * Rows) + lanes)), factor, high);
        }
        low.CopyTo(weights);
        high.CopyTo(weights[lanes..]);
    }

    // Four steps share the loads of the errors: eight accumulators in registers.
    private void CorrectFour(ReadOnlySpan<float> transposed, int step, int end)
    {
        int lanes = Vector<float>.Count;
        ref float errors = ref MemoryMarshal.GetArrayDataReference(Errors);
        Span<float> weights = Weights.AsSpan(step * Rows, 4 * Rows);
        ReadOnlySpan<float> f0 = transposed.Slice(step * steps, end), f1 = transposed.Slice((step + 1) * steps, end);
        ReadOnlySpan<float> f2 = transposed.Slice((step + 2) * steps, end), f3 = transposed.Slice((step + 3) * steps, end);
        Vector<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (int i = 0; i < end; i++)
        {
            Vector<float> low = Vector.LoadUnsafe(ref errors, (nuint)(i * Rows)), high = Vector.LoadUnsafe(ref errors, (nuint)((i * Rows) + lanes));
            Vector<float> factor = new(f0[i]);
            (a0, b0) = (Vector.FusedMultiplyAdd(low, factor, a0), Vector.FusedMultiplyAdd(high, factor, b0));
            factor = new(f1[i]);
            (a1, b1) = (Vector.FusedMultiplyAdd(low, factor, a1), Vector.FusedMultiplyAdd(high, factor, b1));
            factor = new(f2[i]);
            (a2, b2) = (Vector.FusedMultiplyAdd(low, factor, a2), Vector.FusedMultiplyAdd(high, factor, b2));
            factor = new(f3[i]);
            (a3, b3) = (Vector.FusedMultiplyAdd(low, factor, a3), Vector.FusedMultiplyAdd(high, factor, b3));
        }
        Subtract(weights, a0, b0);
        Subtract(weights[Rows..], a1, b1);
        Subtract(weights[(2 * Rows)..], a2, b2);
        Subtract(weights[(3 * Rows)..], a3, b3);
    }

    private static void Subtract(Span<float> weights, Vector<float> low, Vector<float> high)
    {
        (new Vector<float>(weights) - low).CopyTo(weights);
        (new Vector<float>(weights[Vector<float>.Count..]) - high).CopyTo(weights[Vector<float>.Count..]);
    }
}
