using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>One activation times two vectors of rows of packed weights, whose levels are unpacked in registers.</summary>
internal static unsafe class BlockRow<TVectors, TDots, TInt, TFloat, TLevels>
    where TVectors : struct, IVectors<TInt, TFloat>
    where TDots : struct, IDots<TInt>
    where TInt : struct
    where TFloat : struct
    where TLevels : struct, ILevels
{
    private const int QuadBytes = PackedFormat.QuadBytes, LaneBytes = 4, HalfBytes = 2, All = 2, FactorLineBytes = 64;

    private static int ScaleLaneBytes => TLevels.HasByteScales ? 1 : HalfBytes;

    /// <param name="first">The group of the first vector's rows, from <paramref name="lane"/> on; likewise the second.</param>
    /// <param name="y">Two vectors, which start from what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* first, int lane, byte* second, int secondLane, int units, PackedFormat format, byte* x, int start, float* y)
    {
        // Within a pair of blocks; from the format once, because the compiler inlines only so much into one method.
        int pairs = format.UnitBlocks / 2, pairBytes = format.PairBytes, scaleBytes = format.ScaleBytes, levelBytes = format.LevelBytes, levelsAt = format.PairLevelsAt;
        int highAt = format.LowBits * QuadBytes;
        TFloat sum0 = TVectors.Load(y), sum1 = TVectors.Load(y + TVectors.Count);
        TFloat factor0 = default, factor1 = default, minimumFactor0 = default, minimumFactor1 = default;
        for (; units > 0; units--)
        {
            if (TLevels.HasByteScales)
            {
                factor0 = TVectors.LoadHalves(first + PackedFormat.FactorAt(0) + (lane * HalfBytes));
                factor1 = TVectors.LoadHalves(second + PackedFormat.FactorAt(0) + (secondLane * HalfBytes));
                if (TLevels.HasMinimum)
                {
                    minimumFactor0 = TVectors.LoadHalves(first + PackedFormat.FactorAt(1) + (lane * HalfBytes));
                    minimumFactor1 = TVectors.LoadHalves(second + PackedFormat.FactorAt(1) + (secondLane * HalfBytes));
                }
                first += FactorLineBytes;
                second += FactorLineBytes;
            }
            for (int pair = 0; pair < pairs; pair++)
            {
                byte* levels0 = first + levelsAt + (lane * LaneBytes), levels1 = second + levelsAt + (secondLane * LaneBytes);
                byte* scales0 = first + (lane * ScaleLaneBytes), scales1 = second + (secondLane * ScaleLaneBytes);
                for (int block = 0; block < 2; block++, x += ActivationBlock.Bytes)
                {
                    sum0 = Block(sum0, levels0, highAt, scales0, scales0 + (2 * scaleBytes), x, start, factor0, minimumFactor0);
                    sum1 = Block(sum1, levels1, highAt, scales1, scales1 + (2 * scaleBytes), x, start, factor1, minimumFactor1);
                    levels0 += levelBytes;
                    levels1 += levelBytes;
                    scales0 += scaleBytes;
                    scales1 += scaleBytes;
                }
                first += pairBytes;
                second += pairBytes;
            }
        }
        TVectors.Store(sum0, y);
        TVectors.Store(sum1, y + TVectors.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Block(TFloat sum, byte* low, int highAt, byte* scales, byte* minima, byte* x, int start, TFloat factor, TFloat minimumFactor)
    {
        sum = BlockTile<TVectors, TDots, TInt, TFloat, TLevels>.Add(
            sum, Dots(low, highAt, x, TLevels.Scales == 2 ? 0 : All), Scale(scales, factor), x, start);
        if (TLevels.Scales == 2)
        {
            sum = BlockTile<TVectors, TDots, TInt, TFloat, TLevels>.Add(
                sum, Dots(low, highAt, x, 1), Scale(scales + PackedFormat.GroupRows, factor), x, start + sizeof(int));
        }
        return TLevels.HasMinimum
            ? TVectors.MultiplySubtract(Scale(minima, minimumFactor), TVectors.Broadcast((float*)(x + ActivationBlock.ScaledSumAt)), sum)
            : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Scale(byte* source, TFloat factor) =>
        TLevels.HasByteScales ? TVectors.Multiply(TVectors.LoadBytes(source), factor) : TVectors.LoadHalves(source);

    /// <param name="only">Quads 0 to 3 (0) or 4 to 7 (1), which have scales of their own, or all.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Dots(byte* low, int highAt, byte* x, int only)
    {
        TInt dot = default;
        byte* end = x + 16;
        byte* high = low + highAt;
        for (int quad = 0; x < end; quad++, x += 4, low += QuadBytes) dot = Dot(dot, low, high, x, quad, only);
        return dot;
    }

    /// <summary>Quads <paramref name="quad"/> and quad + 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Dot(TInt dot, byte* low, byte* high, byte* x, int quad, int only)
    {
        TInt levels = TVectors.Load(low);
        if (TLevels.Bits == 8)
        {
            TInt upper = TVectors.Load(low + (4 * QuadBytes));
            if (TDots.TakesSignedBytes)
            {
                levels = TVectors.Xor(levels, TVectors.Fill(0x80));
                upper = TVectors.Xor(upper, TVectors.Fill(0x80));
            }
            dot = TDots.Dot<TLevels>(dot, levels, TVectors.Broadcast(x));
            return TDots.Dot<TLevels>(dot, upper, TVectors.Broadcast(x + 16));
        }
        TInt mask = TVectors.Fill(0x0F);
        if (only != 1) dot = TDots.Dot<TLevels>(dot, WithHighBits(TVectors.And(levels, mask), high, quad), TVectors.Broadcast(x));
        if (only != 0) dot = TDots.Dot<TLevels>(dot, WithHighBits(TVectors.And(TVectors.Shift16(levels, 4), mask), high, quad + 4), TVectors.Broadcast(x + 16));
        return dot;
    }

    /// <summary>Adds bits from the fourth on; those that a shift brings from the neighbouring byte fall to the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt WithHighBits(TInt low, byte* high, int quad)
    {
        if (TLevels.Bits == 4) return low;
        TInt bits = TLevels.Bits == 5
            ? TVectors.And(TVectors.Shift16(TVectors.Load(high), quad - 4), TVectors.Fill(0x10))
            : TVectors.And(TVectors.Shift16(TVectors.Load(high + (quad / 4 * QuadBytes)), (quad % 4 * 2) - 4), TVectors.Fill(0x30));
        return TVectors.Or(low, bits);
    }
}
