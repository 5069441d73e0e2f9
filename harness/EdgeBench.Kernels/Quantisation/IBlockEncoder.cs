namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// How a format's blocks are made, written once for every width of vector. Loops are compiled in full at once (AggressiveOptimization): a program that
/// quantises one file is done before the runtime would get to it.
/// </summary>
internal interface IBlockEncoder
{
    static abstract void Quantise<TLanes>(ReadOnlySpan<float> source, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>The specification, where it is not <see cref="Quantise"/> with one lane.</summary>
    static virtual Quantiser? Scalar => null;
}

/// <summary>An encoder that also takes the importance of columns.</summary>
internal interface IWeightedEncoder : IBlockEncoder
{
    static abstract void QuantiseWeighted<TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>;
}
