namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>Vectors of one width: <typeparamref name="TInt"/> of 32-bit integers (or as many quads of bytes), <typeparamref name="TFloat"/> of as many float32.</summary>
internal unsafe interface IVectors<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    /// <summary>Rows of weights in a vector: 4, 8 or 16.</summary>
    static abstract int Count { get; }

    static abstract TInt Load(byte* source);

    /// <summary>Four bytes to all lanes.</summary>
    static abstract TInt Broadcast(byte* source);

    /// <summary>All bytes the same.</summary>
    static abstract TInt Fill(byte value);

    static abstract TInt And(TInt a, TInt b);

    static abstract TInt Or(TInt a, TInt b);

    static abstract TInt Xor(TInt a, TInt b);

    /// <summary>Shifts words of 16 bits, to the right for positive and to the left for negative counts.</summary>
    static abstract TInt Shift16(TInt value, int right);

    static abstract TInt Add(TInt a, TInt b);

    static abstract TFloat ToFloat(TInt value);

    static abstract TFloat Load(float* source);

    /// <summary>As many numbers of float16, exactly.</summary>
    static abstract TFloat LoadHalves(byte* source);

    /// <summary>As many numbers of bfloat16.</summary>
    static abstract TFloat LoadBrains(byte* source);

    /// <summary>As many signed bytes.</summary>
    static abstract TFloat LoadBytes(byte* source);

    static abstract void Store(TFloat value, float* target);

    static abstract TFloat Broadcast(float* source);

    static abstract TFloat Multiply(TFloat a, TFloat b);

    /// <summary>sum + a · b, rounded once.</summary>
    static abstract TFloat MultiplyAdd(TFloat a, TFloat b, TFloat sum);

    /// <summary>sum - a · b, rounded once.</summary>
    static abstract TFloat MultiplySubtract(TFloat a, TFloat b, TFloat sum);
}
