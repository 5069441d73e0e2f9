namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Where a block keeps its parts. Elements j belong to groups of <see cref="GroupSize"/>; element j is <c>level(j) · scale</c>, or with
/// <see cref="HasMinimum"/> <c>level(j) · scale - minimum</c>, of its group. Sources: llama.cpp, the structures <c>block_*</c>.
/// </summary>
internal interface IBlockLayout
{
    static abstract string Name { get; }

    /// <summary>Elements of a block.</summary>
    static abstract int BlockSize { get; }

    static abstract int BlockBytes { get; }

    /// <summary>Elements that share a scale: 16 or 32.</summary>
    static abstract int GroupSize { get; }

    static abstract bool HasMinimum { get; }

    /// <summary>What makes the smallest level 0; with a minimum levels start at 0 and this is 0.</summary>
    static abstract int Zero { get; }

    /// <summary>The specification of a block's levels.</summary>
    static abstract int Level(ReadOnlySpan<byte> block, int index);

    /// <summary>All levels at once, equal to <see cref="Level"/>.</summary>
    static abstract void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels);

    /// <summary>Each group's scale and minimum; <paramref name="minima"/> is left alone without <see cref="HasMinimum"/>.</summary>
    static abstract void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima);
}

/// <summary>A layout that can be written: stored levels are those of <see cref="IBlockLayout.Level"/> plus <see cref="IBlockLayout.Zero"/>, 0 to <see cref="Top"/>.</summary>
internal interface IWritableLayout : IBlockLayout
{
    static abstract int Top { get; }

    /// <summary>Packs stored levels; scales are left alone.</summary>
    static abstract void Pack(ReadOnlySpan<sbyte> stored, Span<byte> block);
}
