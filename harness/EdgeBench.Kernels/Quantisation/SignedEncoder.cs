using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// Writes blocks of 32 whose scale alone places the levels: <see cref="Q4_0"/>, <see cref="Q5_0"/>. With z the level that means 0 (8, 16):
/// d = m / -z, m the element of largest magnitude with its sign (the first if tied), stored level = min(2z - 1, trunc(x · (1/d) + z + 0.5)).
/// With importance: <see cref="WeightedBlocks"/> over <see cref="ScaleSearch"/>.
/// </summary>
internal readonly struct SignedEncoder<TLayout> : IWeightedEncoder
    where TLayout : struct, IWritableLayout
{
    public static Quantiser Scalar => RoundOneByOne;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantise<TLanes>(ReadOnlySpan<float> source, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>
    {
        Span<sbyte> levels = stackalloc sbyte[TLayout.BlockSize];
        for (int start = 0; start < source.Length; start += TLayout.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, TLayout.BlockSize);
            Span<byte> block = blocks.Slice(start / TLayout.BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            ref float first = ref MemoryMarshal.GetReference(values);
            TLanes magnitude = TLanes.Create(0);
            for (int j = 0; j < TLayout.BlockSize; j += TLanes.Count)
                magnitude = TLanes.MaxMagnitudeBits(magnitude, TLanes.Load(in Unsafe.Add(ref first, j)));
            uint largest = TLanes.LargestBits(magnitude);
            BlockScale.RefuseNonFinite(largest, values, start);
            float scale = Extreme<TLanes>(values, largest) / -TLayout.Zero;
            TLanes inverse = TLanes.Create(BlockScale.Inverse(scale));
            BlockScale.Store(scale, block, start);
            for (int j = 0; j < TLayout.BlockSize; j += TLanes.Count)
            {
                TLanes shifted = TLanes.Add(TLanes.Multiply(TLanes.Load(in Unsafe.Add(ref first, j)), inverse), TLanes.Create(TLayout.Zero + 0.5f));
                TLanes.StoreTruncated(TLanes.Min(shifted, TLanes.Create(TLayout.Top)), ref levels[j]);
            }
            TLayout.Pack(levels, block);
        }
    }

    public static void QuantiseWeighted<TLanes>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes> =>
        WeightedBlocks.Quantise<TLayout, TLanes>(source, importance, blocks);

    private static void RoundOneByOne(ReadOnlySpan<float> source, Span<byte> blocks)
    {
        Span<sbyte> levels = stackalloc sbyte[TLayout.BlockSize];
        for (int start = 0; start < source.Length; start += TLayout.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, TLayout.BlockSize);
            Span<byte> block = blocks.Slice(start / TLayout.BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            uint largest = 0;
            // Stays +0 in a block of zeros, whatever their signs, so that d is then -0.
            float extreme = 0;
            foreach (float value in values)
            {
                uint magnitude = BitConverter.SingleToUInt32Bits(MathF.Abs(value));
                if (magnitude > largest) (largest, extreme) = (magnitude, value);
            }
            BlockScale.RefuseNonFinite(largest, values, start);
            float scale = extreme / -TLayout.Zero;
            float inverse = BlockScale.Inverse(scale);
            BlockScale.Store(scale, block, start);
            for (int j = 0; j < TLayout.BlockSize; j++)
            {
                float scaled = values[j] * inverse;
                levels[j] = (sbyte)Math.Min(TLayout.Top, (int)(scaled + (TLayout.Zero + 0.5f)));
            }
            TLayout.Pack(levels, block);
        }
    }

    private static float Extreme<TLanes>(ReadOnlySpan<float> values, uint magnitudeBits)
        where TLanes : struct, ILanes<TLanes>
    {
        if (magnitudeBits == 0) return 0;
        for (int j = 0; ; j += TLanes.Count)
        {
            uint equal = TLanes.MagnitudeEquals(TLanes.Load(in values[j]), magnitudeBits);
            if (equal != 0) return values[j + BitOperations.TrailingZeroCount(equal)];
        }
    }
}
