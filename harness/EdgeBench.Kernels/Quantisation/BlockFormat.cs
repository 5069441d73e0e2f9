namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// A block format: what its blocks are and every implementation of reading and writing them. Writing refuses NaN, infinities and scales beyond
/// float16 with <see cref="NotFiniteNumberException"/>; there llama.cpp's functions give broken blocks.
/// </summary>
public sealed class BlockFormat
{
    private readonly BlockKernel _best;

    private BlockFormat(string name, int blockSize, int blockBytes, int groupSize, BlockLevelReader levels, IReadOnlyList<BlockKernel> kernels)
    {
        (Name, BlockSize, BlockBytes, GroupSize, ReadLevels, Kernels) = (name, blockSize, blockBytes, groupSize, levels, kernels);
        _best = kernels.First(kernel => kernel.IsSupported);
    }

    /// <summary>As GGUF names it: <c>Q4_K</c>.</summary>
    public string Name { get; }

    /// <summary>Elements of a block.</summary>
    public int BlockSize { get; }

    public int BlockBytes { get; }

    /// <summary>Elements that share a scale.</summary>
    public int GroupSize { get; }

    public bool CanQuantise => _best.Quantise is not null;

    public bool TakesImportance => _best.QuantiseWeighted is not null;

    /// <summary>All implementations, fastest first.</summary>
    public IReadOnlyList<BlockKernel> Kernels { get; }

    internal BlockLevelReader ReadLevels { get; }

    /// <summary>Whole blocks of float32. Throws <see cref="NotSupportedException"/> for a format that is only read.</summary>
    public void Quantise(ReadOnlySpan<float> source, Span<byte> blocks)
    {
        CheckLengths(source.Length, blocks.Length);
        (_best.Quantise ?? throw new NotSupportedException($"{Name} is only read."))(source, blocks);
    }

    /// <summary>
    /// Whole rows with an importance for each column: levels and scales that make the weighted squared error small. Throws
    /// <see cref="NotSupportedException"/> for a format that takes none, and <see cref="ArgumentException"/> for importances that are no finite
    /// numbers from 0 up, or rows that are no whole blocks.
    /// </summary>
    public void Quantise(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
    {
        CheckLengths(source.Length, blocks.Length);
        if (importance.Length == 0 || importance.Length % BlockSize != 0 || source.Length % importance.Length != 0)
            throw new ArgumentException($"{importance.Length} columns for {source.Length} elements; expected whole rows of whole blocks of {BlockSize}.", nameof(importance));
        foreach (float weight in importance)
        {
            if (!(weight >= 0 && float.IsFinite(weight))) throw new ArgumentException($"An importance is {weight}; expected finite numbers from 0 up.", nameof(importance));
        }
        (_best.QuantiseWeighted ?? throw new NotSupportedException($"{Name} takes no importance."))(source, importance, blocks);
    }

    public void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination)
    {
        CheckLengths(destination.Length, blocks.Length);
        _best.Dequantise(blocks, destination);
    }

    internal static BlockFormat Read<TLayout>()
        where TLayout : struct, IBlockLayout =>
        Of<TLayout>(
            Reading<TLayout, Lanes512>(), Reading<TLayout, Lanes256>(), Reading<TLayout, Lanes128>(),
            Reading<TLayout, Lanes1>() with { Dequantise = BlockDequantiser.Scalar<TLayout> });

    internal static BlockFormat Written<TLayout, TEncoder>()
        where TLayout : struct, IBlockLayout
        where TEncoder : struct, IBlockEncoder =>
        Of<TLayout>(
            Writing<TLayout, TEncoder, Lanes512>(), Writing<TLayout, TEncoder, Lanes256>(), Writing<TLayout, TEncoder, Lanes128>(),
            Specification<TLayout, TEncoder>(Writing<TLayout, TEncoder, Lanes1>()));

    internal static BlockFormat Weighted<TLayout, TEncoder>()
        where TLayout : struct, IBlockLayout
        where TEncoder : struct, IWeightedEncoder =>
        Of<TLayout>(
            Weighing<TLayout, TEncoder, Lanes512>(), Weighing<TLayout, TEncoder, Lanes256>(), Weighing<TLayout, TEncoder, Lanes128>(),
            Specification<TLayout, TEncoder>(Weighing<TLayout, TEncoder, Lanes1>()));

    private static BlockFormat Of<TLayout>(params BlockKernel[] kernels)
        where TLayout : struct, IBlockLayout =>
        new(TLayout.Name, TLayout.BlockSize, TLayout.BlockBytes, TLayout.GroupSize, BlockLevels.Of<TLayout>, kernels);

    private static BlockKernel Reading<TLayout, TLanes>()
        where TLayout : struct, IBlockLayout
        where TLanes : struct, ILanes<TLanes> =>
        new(TLanes.Name, TLanes.IsSupported, null, BlockDequantiser.Vector<TLayout, TLanes>);

    private static BlockKernel Writing<TLayout, TEncoder, TLanes>()
        where TLayout : struct, IBlockLayout
        where TEncoder : struct, IBlockEncoder
        where TLanes : struct, ILanes<TLanes> =>
        Reading<TLayout, TLanes>() with { Quantise = TEncoder.Quantise<TLanes> };

    private static BlockKernel Weighing<TLayout, TEncoder, TLanes>()
        where TLayout : struct, IBlockLayout
        where TEncoder : struct, IWeightedEncoder
        where TLanes : struct, ILanes<TLanes> =>
        Writing<TLayout, TEncoder, TLanes>() with { QuantiseWeighted = TEncoder.QuantiseWeighted<TLanes> };

    private static BlockKernel Specification<TLayout, TEncoder>(BlockKernel oneLane)
        where TLayout : struct, IBlockLayout
        where TEncoder : struct, IBlockEncoder =>
        oneLane with { Quantise = TEncoder.Scalar ?? oneLane.Quantise, Dequantise = BlockDequantiser.Scalar<TLayout> };

    private void CheckLengths(int elements, int bytes)
    {
        if (elements % BlockSize != 0)
            throw new ArgumentException($"{elements} elements; expected a multiple of {BlockSize}.", nameof(elements));
        if (bytes != elements / BlockSize * BlockBytes)
            throw new ArgumentException($"{bytes} bytes for {elements} elements; expected {elements / BlockSize * BlockBytes}.", nameof(bytes));
    }
}
