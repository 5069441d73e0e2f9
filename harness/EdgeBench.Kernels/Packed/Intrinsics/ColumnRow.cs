using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>One activation times two vectors of rows of float weights, widened in registers.</summary>
internal static unsafe class ColumnRow<TVectors, TInt, TFloat, TElement>
    where TVectors : struct, IVectors<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
    where TElement : struct, IElement
{
    /// <param name="y">Two vectors, which start from what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* first, byte* second, int columns, float* x, float* y)
    {
        TFloat sum0 = TVectors.Load(y), sum1 = TVectors.Load(y + TVectors.Count);
        for (nint column = 0; column < columns; column++, first += PackedFormat.GroupRows * TElement.Bytes, second += PackedFormat.GroupRows * TElement.Bytes)
        {
            TFloat a = TVectors.Broadcast(x + column);
            sum0 = TVectors.MultiplyAdd(Load(first), a, sum0);
            sum1 = TVectors.MultiplyAdd(Load(second), a, sum1);
        }
        TVectors.Store(sum0, y);
        TVectors.Store(sum1, y + TVectors.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Load(byte* source) =>
        TElement.Bytes == sizeof(float) ? TVectors.Load((float*)source) : TElement.IsBrain ? TVectors.LoadBrains(source) : TVectors.LoadHalves(source);
}

/// <summary>How a float is stored.</summary>
internal interface IElement
{
    static abstract int Bytes { get; }

    static abstract bool IsBrain { get; }
}

internal readonly struct SingleElement : IElement
{
    public static int Bytes => sizeof(float);

    public static bool IsBrain => false;
}

internal readonly struct HalfElement : IElement
{
    public static int Bytes => sizeof(ushort);

    public static bool IsBrain => false;
}

internal readonly struct BrainElement : IElement
{
    public static int Bytes => sizeof(ushort);

    public static bool IsBrain => true;
}
