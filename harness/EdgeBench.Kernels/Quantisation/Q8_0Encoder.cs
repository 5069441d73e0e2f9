using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Writes <see cref="Q8_0"/>, which takes no importance: its levels hardly lose anything.</summary>
internal readonly struct Q8_0Encoder : IBlockEncoder
{
    public static Quantiser Scalar => RoundOneByOne;

    private static void RoundOneByOne(ReadOnlySpan<float> source, Span<byte> blocks)
    {
        for (int start = 0; start < source.Length; start += Q8_0.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, Q8_0.BlockSize);
            Span<byte> block = blocks.Slice(start / Q8_0.BlockSize * Q8_0.BlockBytes, Q8_0.BlockBytes);
            uint largest = 0;
            foreach (float value in values) largest = Math.Max(largest, BitConverter.SingleToUInt32Bits(MathF.Abs(value)));
            BlockScale.RefuseNonFinite(largest, values, start);
            float scale = BitConverter.UInt32BitsToSingle(largest) / 127;
            float inverse = BlockScale.Inverse(scale);
            BlockScale.Store(scale, block, start);
            for (int j = 0; j < values.Length; j++)
                block[2 + j] = (byte)(sbyte)MathF.Round(values[j] * inverse, MidpointRounding.AwayFromZero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantise<TLanes>(ReadOnlySpan<float> source, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int start = 0; start < source.Length; start += Q8_0.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, Q8_0.BlockSize);
            Span<byte> block = blocks.Slice(start / Q8_0.BlockSize * Q8_0.BlockBytes, Q8_0.BlockBytes);
            ref float first = ref MemoryMarshal.GetReference(values);
            ref sbyte levels = ref Unsafe.As<byte, sbyte>(ref block[2]);
            TLanes magnitude = TLanes.Create(0);
            for (int j = 0; j < Q8_0.BlockSize; j += TLanes.Count)
                magnitude = TLanes.MaxMagnitudeBits(magnitude, TLanes.Load(in Unsafe.Add(ref first, j)));
            uint largest = TLanes.LargestBits(magnitude);
            BlockScale.RefuseNonFinite(largest, values, start);
            float scale = BitConverter.UInt32BitsToSingle(largest) / 127;
            TLanes inverse = TLanes.Create(BlockScale.Inverse(scale));
            BlockScale.Store(scale, block, start);
            for (int j = 0; j < Q8_0.BlockSize; j += TLanes.Count)
            {
                TLanes level = TLanes.RoundAwayFromZero(TLanes.Multiply(TLanes.Load(in Unsafe.Add(ref first, j)), inverse));
                TLanes.StoreTruncated(level, ref Unsafe.Add(ref levels, j));
            }
        }
    }
}
