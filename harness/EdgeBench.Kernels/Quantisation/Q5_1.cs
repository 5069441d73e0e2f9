using System.Buffers.Binary;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>GGUF's Q5_1: d and m (float16), the fifth bits of 32 elements (uint32, element j in bit j), then 16 bytes of low bits placed as in <see cref="Q4_0"/>. Read only: published small models still use it. Source: llama.cpp, <c>block_q5_1</c>.</summary>
public static class Q5_1
{
    public const int BlockSize = BlockDequantiser.BlockSize;

    public const int BlockBytes = 24;

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels { get; } = BlockDequantiser.Kernels<Layout>();

    private static readonly BlockKernel s_best = Kernels.First(kernel => kernel.IsSupported);

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination)
    {
        BlockDequantiser.CheckLengths(destination.Length, blocks.Length, BlockBytes);
        s_best.Dequantise(blocks, destination);
    }

    private readonly struct Layout : IBlockLayout
    {
        public static int BlockBytes => Q5_1.BlockBytes;

        public static bool HasMinimum => true;

        public static int Level(ReadOnlySpan<byte> block, int index) => Nibbles.At(block[8..], index) | FifthBit(BinaryPrimitives.ReadUInt32LittleEndian(block[4..]), index);

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels)
        {
            uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
            Nibbles.Unpack(block[8..], 0, levels);
            for (int j = 0; j < BlockSize; j++) levels[j] += (sbyte)FifthBit(fifth, j);
        }

        private static int FifthBit(uint bits, int index) => (int)((bits >> index) & 1) << 4;
    }
}
