namespace EdgeBench.Kernels.Quantisation;

/// <summary>Turns whole blocks of float32 into their packed bytes.</summary>
public delegate void Quantiser(ReadOnlySpan<float> source, Span<byte> blocks);

/// <summary>Turns whole rows of float32 into packed blocks, errors counted by the importance of their column.</summary>
/// <param name="source">Rows of <paramref name="importance"/>'s length.</param>
/// <param name="importance">One finite weight, zero or more, for each column.</param>
public delegate void WeightedQuantiser(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks);

/// <summary>Turns packed blocks into float32.</summary>
public delegate void Dequantiser(ReadOnlySpan<byte> blocks, Span<float> destination);

/// <summary>One implementation of a block format. All implementations of a format give the same bits.</summary>
/// <param name="Name">Vector width, or <c>scalar</c>, which is the specification.</param>
/// <param name="IsSupported">Whether this processor runs it.</param>
/// <param name="Quantise">Null where the format is only read.</param>
public sealed record BlockKernel(string Name, bool IsSupported, Quantiser? Quantise, Dequantiser Dequantise)
{
    /// <summary>Null where the format takes no importance.</summary>
    public WeightedQuantiser? QuantiseWeighted { get; init; }
}
