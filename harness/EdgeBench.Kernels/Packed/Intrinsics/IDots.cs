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

/// <summary>What the code for a family of formats depends on.</summary>
internal interface ILevels
{
    /// <summary>Of a level: 4, 5, 6 or 8.</summary>
    static abstract int Bits { get; }

    /// <summary>Of a block of 32 columns: 1 or 2.</summary>
    static abstract int Scales { get; }

    static abstract bool HasMinimum { get; }
}

internal readonly struct Four : ILevels
{
    public static int Bits => 4;

    public static int Scales => 1;

    public static bool HasMinimum => false;
}

internal readonly struct FourWithMinimum : ILevels
{
    public static int Bits => 4;

    public static int Scales => 1;

    public static bool HasMinimum => true;
}

internal readonly struct Five : ILevels
{
    public static int Bits => 5;

    public static int Scales => 1;

    public static bool HasMinimum => false;
}

internal readonly struct FiveWithMinimum : ILevels
{
    public static int Bits => 5;

    public static int Scales => 1;

    public static bool HasMinimum => true;
}

internal readonly struct SixWithTwoScales : ILevels
{
    public static int Bits => 6;

    public static int Scales => 2;

    public static bool HasMinimum => false;
}

internal readonly struct Eight : ILevels
{
    public static int Bits => 8;

    public static int Scales => 1;

    public static bool HasMinimum => false;
}
