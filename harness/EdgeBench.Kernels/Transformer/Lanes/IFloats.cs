namespace EdgeBench.Kernels.Transformer.Lanes;

/// <summary>
/// A vector of float32 of one width, read from and written to unmanaged memory. Kernels are written once over it; the one of a single lane is their
/// specification, the others differ in the order of sums and in fused additions only.
/// </summary>
internal unsafe interface IFloats<TSelf>
    where TSelf : unmanaged, IFloats<TSelf>
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* target);

    static abstract TSelf Create(float value);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Subtract(TSelf a, TSelf b);

    static abstract TSelf Multiply(TSelf a, TSelf b);

    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary>a · b + c, fused where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger; where one is NaN, either.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller; where one is NaN, either.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>yes where a ≤ b, else no.</summary>
    static abstract TSelf WhereAtMost(TSelf a, TSelf b, TSelf yes, TSelf no);

    /// <summary>Whether any lane of a differs from that of b.</summary>
    static abstract bool AnyDiffer(TSelf a, TSelf b);

    /// <summary>To the nearest whole number, halves to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>2 to the power of whole numbers from -126 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf whole);

    static abstract TSelf Sqrt(TSelf value);

    static abstract float Sum(TSelf value);

    /// <summary>The largest lane; none is NaN.</summary>
    static abstract float Largest(TSelf value);

    /// <summary>float16 widened exactly; its infinities and NaN become finite numbers of 2¹⁶ and more, which <see cref="StoreHalf"/> never writes.</summary>
    static abstract TSelf LoadHalf(ushort* source);

    /// <summary>As <see cref="LoadHalf"/>, divided by <see cref="HalfSource.Scale"/>: one multiplication less where the other factor can carry it.</summary>
    static abstract TSelf LoadTinyHalf(ushort* source);

    /// <summary>To float16, halves to even; magnitudes below 65,520.</summary>
    static abstract void StoreHalf(TSelf value, ushort* target);

    static abstract TSelf LoadBytes(sbyte* source);
}
