namespace EdgeBench.Kernels.Quantisation;

/// <summary>A vector of float32 of one width; kernels are written once over it and specialised by the compiler.</summary>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    static abstract int Count { get; }

    static abstract TSelf Load(ref readonly float source);

    static abstract TSelf Create(float value);

    /// <summary>Widens Count signed bytes, exactly.</summary>
    static abstract TSelf LoadBytes(ref readonly sbyte source);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Multiply(TSelf a, TSelf b);

    static abstract TSelf Subtract(TSelf a, TSelf b);

    static abstract TSelf Divide(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>All bits set where a &gt; b, none elsewhere.</summary>
    static abstract TSelf Greater(TSelf a, TSelf b);

    static abstract TSelf And(TSelf a, TSelf b);

    /// <summary>a where the mask's bits are set, b elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Rounds to the nearest whole number, halves away from zero; |value| below 2²³.</summary>
    static abstract TSelf RoundAwayFromZero(TSelf value);

    /// <summary>The smaller of two numbers, neither NaN; of two zeros either.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The larger of two numbers, neither NaN; of two zeros either.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Lane-wise the larger magnitude as bits without sign: ordered as integers, so NaN and infinities stay visible.</summary>
    static abstract TSelf MaxMagnitudeBits(TSelf a, TSelf b);

    /// <summary>The largest lane as an unsigned integer.</summary>
    static abstract uint LargestBits(TSelf value);

    /// <summary>Bit i is set where lane i has the magnitude given as bits.</summary>
    static abstract uint MagnitudeEquals(TSelf value, uint bits);

    static abstract void Store(TSelf value, ref float destination);

    /// <summary>Truncates each lane towards zero and keeps its low byte; lanes are finite and fit a signed byte.</summary>
    static abstract void StoreTruncated(TSelf value, ref sbyte destination);
}
