using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>Two vectors of rows of float32 weights, column after column of a group, times one or four activations.</summary>
internal static unsafe class ColumnTile<TVectors, TInt, TFloat>
    where TVectors : struct, IVectors<TInt, TFloat>
    where TInt : struct
    where TFloat : struct
{
    public const int MostRows = 4;

    /// <param name="second">From the first vector's weights to the second's, in floats.</param>
    /// <param name="y">Two vectors of each activation, which start from what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(float* weights, nint second, int columns, float* x, nint xStride, float* y, nint ySecond, nint yStride)
    {
        float* y1 = y + yStride, y2 = y1 + yStride, y3 = y2 + yStride;
        TFloat sum00 = TVectors.Load(y), sum01 = TVectors.Load(y + ySecond), sum10 = TVectors.Load(y1), sum11 = TVectors.Load(y1 + ySecond);
        TFloat sum20 = TVectors.Load(y2), sum21 = TVectors.Load(y2 + ySecond), sum30 = TVectors.Load(y3), sum31 = TVectors.Load(y3 + ySecond);
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride;
        for (nint column = 0; column < columns; column++, weights += PackedFormat.GroupRows)
        {
            TFloat w0 = TVectors.Load(weights), w1 = TVectors.Load(weights + second), a = TVectors.Broadcast(x + column);
            sum00 = TVectors.MultiplyAdd(w0, a, sum00);
            sum01 = TVectors.MultiplyAdd(w1, a, sum01);
            a = TVectors.Broadcast(x1 + column);
            sum10 = TVectors.MultiplyAdd(w0, a, sum10);
            sum11 = TVectors.MultiplyAdd(w1, a, sum11);
            a = TVectors.Broadcast(x2 + column);
            sum20 = TVectors.MultiplyAdd(w0, a, sum20);
            sum21 = TVectors.MultiplyAdd(w1, a, sum21);
            a = TVectors.Broadcast(x3 + column);
            sum30 = TVectors.MultiplyAdd(w0, a, sum30);
            sum31 = TVectors.MultiplyAdd(w1, a, sum31);
        }
        TVectors.Store(sum00, y);
        TVectors.Store(sum01, y + ySecond);
        TVectors.Store(sum10, y1);
        TVectors.Store(sum11, y1 + ySecond);
        TVectors.Store(sum20, y2);
        TVectors.Store(sum21, y2 + ySecond);
        TVectors.Store(sum30, y3);
        TVectors.Store(sum31, y3 + ySecond);
    }

    /// <summary>As <see cref="Four"/>, for one activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(float* weights, nint second, int columns, float* x, float* y, nint ySecond)
    {
        TFloat sum0 = TVectors.Load(y), sum1 = TVectors.Load(y + ySecond);
        for (nint column = 0; column < columns; column++, weights += PackedFormat.GroupRows)
        {
            TFloat a = TVectors.Broadcast(x + column);
            sum0 = TVectors.MultiplyAdd(TVectors.Load(weights), a, sum0);
            sum1 = TVectors.MultiplyAdd(TVectors.Load(weights + second), a, sum1);
        }
        TVectors.Store(sum0, y);
        TVectors.Store(sum1, y + ySecond);
    }
}
