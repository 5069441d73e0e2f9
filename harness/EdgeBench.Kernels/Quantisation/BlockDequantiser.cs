using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// The one traversal that turns blocks into float32. level · d is exact in float32 (at most 8 by 11 significant bits), so that fused and
/// separate arithmetic agree.
/// </summary>
internal static class BlockDequantiser
{
    public const int BlockSize = 32;

    /// <summary>Dequantising kernels of a layout, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels<TLayout>()
        where TLayout : struct, IBlockLayout =>
    [
        new(Lanes512.Name, Lanes512.IsSupported, null, Vector<TLayout, Lanes512>),
        new(Lanes256.Name, Lanes256.IsSupported, null, Vector<TLayout, Lanes256>),
        new(Lanes128.Name, Lanes128.IsSupported, null, Vector<TLayout, Lanes128>),
        new("scalar", true, null, Scalar<TLayout>),
    ];

    public static void Scalar<TLayout>(ReadOnlySpan<byte> blocks, Span<float> destination)
        where TLayout : struct, IBlockLayout
    {
        for (int start = 0; start < destination.Length; start += BlockSize)
        {
            ReadOnlySpan<byte> block = blocks.Slice(start / BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
            for (int j = 0; j < BlockSize; j++)
            {
                float value = TLayout.Level(block, j) * scale;
                destination[start + j] = TLayout.HasMinimum ? value + (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]) : value;
            }
        }
    }

    public static void Vector<TLayout, TLanes>(ReadOnlySpan<byte> blocks, Span<float> destination)
        where TLayout : struct, IBlockLayout
        where TLanes : struct, ILanes<TLanes>
    {
        Span<sbyte> levels = stackalloc sbyte[BlockSize];
        for (int start = 0; start < destination.Length; start += BlockSize)
        {
            ReadOnlySpan<byte> block = blocks.Slice(start / BlockSize * TLayout.BlockBytes, TLayout.BlockBytes);
            TLayout.Levels(block, levels);
            TLanes scale = TLanes.Create((float)BinaryPrimitives.ReadHalfLittleEndian(block));
            TLanes minimum = TLanes.Create(TLayout.HasMinimum ? (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]) : 0f);
            Span<float> target = destination.Slice(start, BlockSize);
            ref float first = ref MemoryMarshal.GetReference(target);
            for (int j = 0; j < BlockSize; j += TLanes.Count)
            {
                TLanes value = TLanes.Multiply(TLanes.LoadBytes(ref levels[j]), scale);
                // Adding a zero offset would turn -0 into +0.
                if (TLayout.HasMinimum) value = TLanes.Add(value, minimum);
                TLanes.Store(value, ref Unsafe.Add(ref first, j));
            }
        }
    }

    /// <summary>Refuses lengths that are not whole blocks, or that do not belong together.</summary>
    public static void CheckLengths(int elements, int bytes, int blockBytes)
    {
        if (elements % BlockSize != 0)
            throw new ArgumentException($"{elements} elements; expected a multiple of {BlockSize}.", nameof(elements));
        if (bytes != elements / BlockSize * blockBytes)
            throw new ArgumentException($"{bytes} bytes for {elements} elements; expected {elements / BlockSize * blockBytes}.", nameof(bytes));
    }
}
