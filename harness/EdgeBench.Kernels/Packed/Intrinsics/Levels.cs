namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>What the code for a format depends on, constant for the compiler.</summary>
internal interface ILevels
{
    /// <summary>Of a level: 4, 5, 6 or 8.</summary>
    static abstract int Bits { get; }

    /// <summary>Of a block of 32 columns: 1 or 2.</summary>
    static abstract int Scales { get; }

    static abstract bool HasMinimum { get; }

    /// <summary>Scales and minima are bytes with factors for each unit.</summary>
    static abstract bool HasByteScales { get; }
}

internal readonly struct Four : ILevels
{
    public static int Bits => 4;

    public static int Scales => 1;

    public static bool HasMinimum => false;

    public static bool HasByteScales => false;
}

internal readonly struct FourWithMinimum : ILevels
{
    public static int Bits => 4;

    public static int Scales => 1;

    public static bool HasMinimum => true;

    public static bool HasByteScales => false;
}

internal readonly struct FourSuper : ILevels
{
    public static int Bits => 4;

    public static int Scales => 1;

    public static bool HasMinimum => true;

    public static bool HasByteScales => true;
}

internal readonly struct Five : ILevels
{
    public static int Bits => 5;

    public static int Scales => 1;

    public static bool HasMinimum => false;

    public static bool HasByteScales => false;
}

internal readonly struct FiveWithMinimum : ILevels
{
    public static int Bits => 5;

    public static int Scales => 1;

    public static bool HasMinimum => true;

    public static bool HasByteScales => false;
}

internal readonly struct FiveSuper : ILevels
{
    public static int Bits => 5;

    public static int Scales => 1;

    public static bool HasMinimum => true;

    public static bool HasByteScales => true;
}

internal readonly struct SixSuper : ILevels
{
    public static int Bits => 6;

    public static int Scales => 2;

    public static bool HasMinimum => false;

    public static bool HasByteScales => true;
}

internal readonly struct Eight : ILevels
{
    public static int Bits => 8;

    public static int Scales => 1;

    public static bool HasMinimum => false;

    public static bool HasByteScales => false;
}
