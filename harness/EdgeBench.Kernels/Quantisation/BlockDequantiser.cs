using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// The one traversal that turns blocks into float32. level · scale is exact in float32 (at most 11 bits of a float16 by 7 of a group's scale by 6
/// of a level), so that fused and separate arithmetic agree.
/// </summary>
internal static class BlockDequantiser
{
    public const int LargestBlock = 256;

    public const int SmallestGroup = 16;

    public static void Scalar<TLayout>(ReadOnlySpan<byte> blocks, Span<float> destination)
        where TLayout : struct, IBlockLayout
    {
        Span<float> scales = stackalloc float[LargestBlock / SmallestGroup], minima = stackalloc float[LargestBlock / SmallestGroup];
        for (int start = 0; start < destination.Length; start += TLayout.BlockSize)
        {
            ReadOnlySpan<byte> block = blocks.Slice(start / TLayout.BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            TLayout.Scales(block, scales, minima);
            for (int j = 0; j < TLayout.BlockSize; j++)
            {
                int group = j / TLayout.GroupSize;
                float value = TLayout.Level(block, j) * scales[group];
                destination[start + j] = TLayout.HasMinimum ? value - minima[group] : value;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TLayout, TLanes>(ReadOnlySpan<byte> blocks, Span<float> destination)
        where TLayout : struct, IBlockLayout
        where TLanes : struct, ILanes<TLanes>
    {
        Span<sbyte> levels = stackalloc sbyte[LargestBlock];
        Span<float> scales = stackalloc float[LargestBlock / SmallestGroup], minima = stackalloc float[LargestBlock / SmallestGroup];
        for (int start = 0; start < destination.Length; start += TLayout.BlockSize)
        {
            ReadOnlySpan<byte> block = blocks.Slice(start / TLayout.BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            TLayout.Levels(block, levels);
            TLayout.Scales(block, scales, minima);
            ref float first = ref MemoryMarshal.GetReference(destination.Slice(start, TLayout.BlockSize));
            for (int group = 0; group < TLayout.BlockSize / TLayout.GroupSize; group++)
            {
                TLanes scale = TLanes.Create(scales[group]);
                TLanes minimum = TLanes.Create(minima[group]);
                for (int j = group * TLayout.GroupSize; j < (group + 1) * TLayout.GroupSize; j += TLanes.Count)
                {
                    TLanes value = TLanes.Multiply(TLanes.LoadBytes(ref levels[j]), scale);
                    // Subtracting a zero minimum would turn -0 into +0.
                    if (TLayout.HasMinimum) value = TLanes.Subtract(value, minimum);
                    TLanes.Store(value, ref Unsafe.Add(ref first, j));
                }
            }
        }
    }
}
