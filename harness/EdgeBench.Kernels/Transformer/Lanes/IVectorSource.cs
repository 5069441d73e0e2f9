using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Transformer.Lanes;

/// <summary>How a kernel reads vectors of one operand.</summary>
internal unsafe interface IVectorSource
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Bytes { get; }

    /// <summary>What the other operand is multiplied by to make up for how this one is read.</summary>
    static abstract float Scale { get; }

    static abstract T Load<T>(byte* source)
        where T : unmanaged, IFloats<T>;
}

/// <summary>float32 as it is.</summary>
internal readonly unsafe struct FloatSource : IVectorSource
{
    public static int Bytes => 4;

    public static float Scale => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(byte* source)
        where T : unmanaged, IFloats<T> => T.Load((float*)source);
}

/// <summary>float16 with an exponent that is 112 too small.</summary>
internal readonly unsafe struct HalfSource : IVectorSource
{
    public static int Bytes => 2;

    /// <summary>2¹¹².</summary>
    public static float Scale => BitConverter.UInt32BitsToSingle(0x7780_0000);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(byte* source)
        where T : unmanaged, IFloats<T> => T.LoadTinyHalf((ushort*)source);
}
