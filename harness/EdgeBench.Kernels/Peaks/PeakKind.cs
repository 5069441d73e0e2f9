namespace EdgeBench.Kernels.Peaks;

/// <summary>What a peak is a bound of.</summary>
public enum PeakKind
{
    /// <summary>Bytes that come from memory.</summary>
    Read,

    /// <summary>Multiplications and additions of float32, each one operation.</summary>
    F32,

    /// <summary>Multiplications of 8-bit integers and their additions into 32 bits, each one operation.</summary>
    Int8,

    /// <summary>
    /// Multiplications of 4-bit by 8-bit integers and additions, eight products in 16 bits: sums that are exact only of so small numbers. Only where an instruction
    /// set has no dot product of 8-bit integers, because there it is faster than <see cref="Int8"/>.
    /// </summary>
    Int4,
}
