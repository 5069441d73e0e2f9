using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>
/// Two vectors of rows of an expanded panel times one or two activations: sums stay in registers for all blocks. Four sums of floats, four of integers, two
/// weights and what products need fit the 16 registers of AVX2.
/// </summary>
internal static unsafe class BlockTile<TVectors, TDots, TInt, TFloat, TLevels>
    where TVectors : struct, IVectors<TInt, TFloat>
    where TDots : struct, IDots<TInt>
    where TInt : struct
    where TFloat : struct
    where TLevels : struct, ILevels
{
    private const int RowBytes = PackedFormat.QuadBytes;

    private static int BlockBytes => BlockPanel.ScalesAt + ((TLevels.Scales + (TLevels.HasMinimum ? 1 : 0)) * RowBytes);

    /// <param name="second">From the first vector's weights to the second's.</param>
    /// <param name="start">Where in an activation's block its sums of products start.</param>
    /// <param name="y">Two vectors of each activation, which start from what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(byte* weights, nint second, int blocks, byte* x, nint xStride, int start, float* y, nint ySecond, nint yStride)
    {
        TFloat sum00 = TVectors.Load(y), sum01 = TVectors.Load(y + ySecond);
        TFloat sum10 = TVectors.Load(y + yStride), sum11 = TVectors.Load(y + yStride + ySecond);
        for (; blocks > 0; blocks--, weights += BlockBytes, x += ActivationBlock.Bytes)
        {
            byte* z = x + xStride;
            for (int part = 0; part < TLevels.Scales; part++)
            {
                TInt dot00 = default, dot01 = default, dot10 = default, dot11 = default;
                int end = (part + 1) * (8 / TLevels.Scales);
                for (int quad = part * (8 / TLevels.Scales); quad < end; quad++)
                {
                    TInt w0 = TVectors.Load(weights + (quad * RowBytes)), w1 = TVectors.Load(weights + (quad * RowBytes) + second);
                    TInt a = TVectors.Broadcast(x + (quad * 4));
                    dot00 = TDots.Dot<TLevels>(dot00, w0, a);
                    dot01 = TDots.Dot<TLevels>(dot01, w1, a);
                    a = TVectors.Broadcast(z + (quad * 4));
                    dot10 = TDots.Dot<TLevels>(dot10, w0, a);
                    dot11 = TDots.Dot<TLevels>(dot11, w1, a);
                }
                byte* scales = weights + BlockPanel.ScalesAt + (part * RowBytes);
                TFloat scale0 = TVectors.Load((float*)scales), scale1 = TVectors.Load((float*)(scales + second));
                int from = start + (part * sizeof(int));
                sum00 = Add(sum00, dot00, scale0, x, from);
                sum01 = Add(sum01, dot01, scale1, x, from);
                sum10 = Add(sum10, dot10, scale0, z, from);
                sum11 = Add(sum11, dot11, scale1, z, from);
            }
            if (!TLevels.HasMinimum) continue;
            byte* minima = weights + BlockPanel.ScalesAt + (TLevels.Scales * RowBytes);
            TFloat minimum0 = TVectors.Load((float*)minima), minimum1 = TVectors.Load((float*)(minima + second));
            TFloat scaled = TVectors.Broadcast((float*)(x + ActivationBlock.ScaledSumAt));
            sum00 = TVectors.MultiplySubtract(minimum0, scaled, sum00);
            sum01 = TVectors.MultiplySubtract(minimum1, scaled, sum01);
            scaled = TVectors.Broadcast((float*)(z + ActivationBlock.ScaledSumAt));
            sum10 = TVectors.MultiplySubtract(minimum0, scaled, sum10);
            sum11 = TVectors.MultiplySubtract(minimum1, scaled, sum11);
        }
        TVectors.Store(sum00, y);
        TVectors.Store(sum01, y + ySecond);
        TVectors.Store(sum10, y + yStride);
        TVectors.Store(sum11, y + yStride + ySecond);
    }

    /// <summary>As <see cref="Two"/>, for one activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* weights, nint second, int blocks, byte* x, int start, float* y, nint ySecond)
    {
        TFloat sum0 = TVectors.Load(y), sum1 = TVectors.Load(y + ySecond);
        for (; blocks > 0; blocks--, weights += BlockBytes, x += ActivationBlock.Bytes)
        {
            for (int part = 0; part < TLevels.Scales; part++)
            {
                TInt dot0 = default, dot1 = default;
                int end = (part + 1) * (8 / TLevels.Scales);
                for (int quad = part * (8 / TLevels.Scales); quad < end; quad++)
                {
                    TInt a = TVectors.Broadcast(x + (quad * 4));
                    dot0 = TDots.Dot<TLevels>(dot0, TVectors.Load(weights + (quad * RowBytes)), a);
                    dot1 = TDots.Dot<TLevels>(dot1, TVectors.Load(weights + (quad * RowBytes) + second), a);
                }
                byte* scales = weights + BlockPanel.ScalesAt + (part * RowBytes);
                int from = start + (part * sizeof(int));
                sum0 = Add(sum0, dot0, TVectors.Load((float*)scales), x, from);
                sum1 = Add(sum1, dot1, TVectors.Load((float*)(scales + second)), x, from);
            }
            if (!TLevels.HasMinimum) continue;
            byte* minima = weights + BlockPanel.ScalesAt + (TLevels.Scales * RowBytes);
            TFloat scaled = TVectors.Broadcast((float*)(x + ActivationBlock.ScaledSumAt));
            sum0 = TVectors.MultiplySubtract(TVectors.Load((float*)minima), scaled, sum0);
            sum1 = TVectors.MultiplySubtract(TVectors.Load((float*)(minima + second)), scaled, sum1);
        }
        TVectors.Store(sum0, y);
        TVectors.Store(sum1, y + ySecond);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TFloat Add(TFloat sum, TInt dot, TFloat scale, byte* x, int start)
    {
        TInt whole = TVectors.Add(TDots.Finish<TLevels>(dot), TVectors.Broadcast(x + start));
        return TVectors.MultiplyAdd(TVectors.Multiply(TVectors.ToFloat(whole), scale), TVectors.Broadcast((float*)(x + ActivationBlock.ScaleAt)), sum);
    }
}
