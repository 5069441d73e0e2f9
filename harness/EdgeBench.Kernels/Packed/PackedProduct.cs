namespace EdgeBench.Kernels.Packed;

/// <summary>
/// Products of activations with packed weights. Each sum is formed in the same order whatever the number of rows, the ranges of groups, the kernel set:
/// results do not depend on them. Allocates nothing.
/// <para>Quantised weights, scale after scale (32 columns; 16 of Q6_K): sum = fma((float)(Σ level · a) · scale, scale of a, sum); with a minimum then sum = fma(-minimum, scale of a · Σ a, sum). Float weights: sum = fma(w, x, sum), column after column.</para>
/// </summary>
public static unsafe class PackedProduct
{
    /// <summary>
    /// y[i · stride + r] = (or +=) Σ over k of w[r, k] · x[i, k] for i below <paramref name="count"/> and the rows r of groups
    /// <paramref name="firstGroup"/> to <paramref name="endGroup"/> - 1. Threads may work on different groups at the same time.
    /// </summary>
    public static void Multiply(PackedMatrix weights, PackedRows activations, int count, float* y, nint stride, int firstGroup, int endGroup,
        bool accumulate = false, KernelSet? kernels = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(activations);
        if (activations.Columns != weights.Columns)
            throw new ArgumentException($"Activations of {activations.Columns} columns for weights of {weights.Columns}.", nameof(activations));
        if (weights.Layout.IsFloat ? !activations.HasFloats : !activations.HasLevels)
            throw new ArgumentException($"The activations hold no {(weights.Layout.IsFloat ? "floats" : "levels")}, which {weights.Format} needs.", nameof(activations));
        if (count < 0 || count > activations.Rows) throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected 0 to {activations.Rows} rows.");
        if (firstGroup < 0 || firstGroup > endGroup || endGroup > weights.Groups)
            throw new ArgumentOutOfRangeException(nameof(firstGroup), $"Groups {firstGroup} to {endGroup}; expected a range within 0 to {weights.Groups}.");
        if (count == 0 || firstGroup == endGroup) return;
        (kernels ?? KernelSets.Current).Multiply(new(weights, activations, count, (nint)y, stride, firstGroup, endGroup, accumulate));
        GC.KeepAlive(weights);
        GC.KeepAlive(activations);
    }
}
