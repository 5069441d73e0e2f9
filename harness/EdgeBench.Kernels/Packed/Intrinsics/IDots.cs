namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>Products of bytes summed by quads, in one instruction set's way; exact for every level.</summary>
internal interface IDots<TInt>
    where TInt : struct
{
    /// <summary>The kernel set's name.</summary>
    static abstract string Name { get; }

    /// <summary>Null where this processor has the instructions, otherwise their name.</summary>
    static abstract string? Missing { get; }

    /// <summary>Whether levels of eight bits are signed (less 128); shorter ones never are.</summary>
    static abstract bool TakesSignedBytes { get; }

    /// <summary>Adds to each lane Σ over four of weight · activation; at most eight times from zero on.</summary>
    static abstract TInt Dot<TLevels>(TInt sum, TInt weights, TInt activations)
        where TLevels : struct, ILevels;

    /// <summary>The sums as 32-bit integers.</summary>
    static abstract TInt Finish<TLevels>(TInt sum)
        where TLevels : struct, ILevels;
}
