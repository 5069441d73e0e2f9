namespace EdgeBench.Kernels.Packed;

/// <summary>One implementation of products with packed weights. All give the same bits.</summary>
public abstract unsafe class KernelSet
{
    /// <summary>Instruction set and technique, or <c>scalar</c>, which is the specification.</summary>
    public abstract string Name { get; }

    /// <summary>Null where this processor and system run it, otherwise what is missing.</summary>
    public abstract string? Missing { get; }

    public bool IsSupported => Missing is null;

    /// <summary>Arguments are checked: groups that exist, activations that are set, floats or levels as the weights need.</summary>
    internal abstract void Multiply(in PackedTask task);
}

/// <summary>y[i · stride + r] = (or +=) Σ over k of w[r, k] · x[i, k] for rows r of groups [FirstGroup, EndGroup).</summary>
internal readonly unsafe record struct PackedTask(PackedMatrix Weights, PackedRows Activations, int Count, nint Y, nint Stride, int FirstGroup, int EndGroup, bool Accumulate)
{
    public float* At(int row, int group) => (float*)Y + (row * Stride) + (group * PackedFormat.GroupRows);

    /// <summary>Rows of a group that exist.</summary>
    public int RowsOf(int group) => Math.Min(PackedFormat.GroupRows, Weights.Rows - (group * PackedFormat.GroupRows));
}
