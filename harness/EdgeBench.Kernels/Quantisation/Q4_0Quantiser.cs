using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Kernels of <see cref="Q4_0"/>.</summary>
internal static class Q4_0Quantiser
{
    public static IReadOnlyList<BlockKernel> Kernels() =>
        [.. BlockDequantiser.Kernels<Q4_0.Layout>().Select(kernel => kernel with { Quantise = For(kernel.Name) })];

    private static Quantiser For(string name) => name switch
    {
        "vector512" => Vector<Lanes512>,
        "vector256" => Vector<Lanes256>,
        "vector128" => Vector<Lanes128>,
        _ => Scalar,
    };

    private static void Scalar(ReadOnlySpan<float> source, Span<byte> blocks)
    {
        for (int start = 0; start < source.Length; start += Q4_0.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, Q4_0.BlockSize);
            Span<byte> block = blocks.Slice(start / Q4_0.BlockSize * Q4_0.BlockBytes, Q4_0.BlockBytes);
            uint largest = 0;
            // Stays +0 in a block of zeros, whatever their signs, so that d is then -0.
            float extreme = 0;
            foreach (float value in values)
            {
                uint magnitude = BitConverter.SingleToUInt32Bits(MathF.Abs(value));
                if (magnitude > largest) (largest, extreme) = (magnitude, value);
            }
            BlockScale.RefuseNonFinite(largest, values, start);
            float scale = extreme / -8;
            float inverse = BlockScale.Inverse(scale);
            BlockScale.Store(scale, block, start);
            for (int j = 0; j < 16; j++) block[2 + j] = (byte)(Level(values[j], inverse) | (Level(values[j + 16], inverse) << 4));
        }
    }

    private static int Level(float value, float inverse)
    {
        float scaled = value * inverse;
        return Math.Min(15, (int)(scaled + 8.5f));
    }

    private static void Vector<TLanes>(ReadOnlySpan<float> source, Span<byte> blocks)
        where TLanes : struct, ILanes<TLanes>
    {
        Span<sbyte> levels = stackalloc sbyte[Q4_0.BlockSize];
        for (int start = 0; start < source.Length; start += Q4_0.BlockSize)
        {
            ReadOnlySpan<float> values = source.Slice(start, Q4_0.BlockSize);
            Span<byte> block = blocks.Slice(start / Q4_0.BlockSize * Q4_0.BlockBytes, Q4_0.BlockBytes);
            ref float first = ref MemoryMarshal.GetReference(values);
            TLanes magnitude = TLanes.Create(0);
            for (int j = 0; j < Q4_0.BlockSize; j += TLanes.Count)
                magnitude = TLanes.MaxMagnitudeBits(magnitude, TLanes.Load(in Unsafe.Add(ref first, j)));
            uint largest = TLanes.LargestBits(magnitude);
            BlockScale.RefuseNonFinite(largest, values, start);
            float scale = Extreme<TLanes>(values, largest) / -8;
            TLanes inverse = TLanes.Create(BlockScale.Inverse(scale));
            BlockScale.Store(scale, block, start);
            for (int j = 0; j < Q4_0.BlockSize; j += TLanes.Count)
            {
                TLanes shifted = TLanes.Add(TLanes.Multiply(TLanes.Load(in Unsafe.Add(ref first, j)), inverse), TLanes.Create(8.5f));
                TLanes.StoreTruncated(TLanes.Min(shifted, TLanes.Create(15)), ref levels[j]);
            }
            Nibbles.Pack(levels, block[2..]);
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
