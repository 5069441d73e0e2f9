namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Where a 32-element block keeps its parts. Every block starts with its scale d (float16, little-endian); with
/// <see cref="HasMinimum"/> the offset m (float16) follows. Element j is <c>level(j) · d</c>, or <c>level(j) · d + m</c>.
/// </summary>
internal interface IBlockLayout
{
    static abstract int BlockBytes { get; }

    static abstract bool HasMinimum { get; }

    /// <summary>The specification of a block's levels.</summary>
    static abstract int Level(ReadOnlySpan<byte> block, int index);

    /// <summary>All 32 levels at once, equal to <see cref="Level"/>.</summary>
    static abstract void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels);
}
