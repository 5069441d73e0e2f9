using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// GGUF's IQ4_NL: d (float16), then 16 bytes of four-bit indices into a table of sixteen uneven levels, placed as in <see cref="Q4_0"/>. Only read.
/// Source: llama.cpp, <c>block_iq4_nl</c>, <c>kvalues_iq4nl</c>.
/// </summary>
public static class IQ4_NL
{
    public const int BlockSize = 32;

    public const int BlockBytes = 18;

    public static BlockFormat Format { get; } = BlockFormat.Read<Layout>();

    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Kernels => Format.Kernels;

    private static ReadOnlySpan<sbyte> Table => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    public static void Dequantise(ReadOnlySpan<byte> blocks, Span<float> destination) => Format.Dequantise(blocks, destination);

    internal readonly struct Layout : IBlockLayout
    {
        public static string Name => nameof(IQ4_NL);

        public static int BlockSize => IQ4_NL.BlockSize;

        public static int BlockBytes => IQ4_NL.BlockBytes;

        public static int GroupSize => 32;

        public static bool HasMinimum => false;

        public static int Zero => 127;

        public static int Level(ReadOnlySpan<byte> block, int index) => Table[Nibbles.At(block[2..], index)];

        public static void Levels(ReadOnlySpan<byte> block, Span<sbyte> levels)
        {
            Vector128<sbyte> table = Vector128.Create(Table);
            Nibbles.Unpack(block[2..], 0, levels);
            Vector128.Shuffle(table, Vector128.Create((ReadOnlySpan<sbyte>)levels[..16])).CopyTo(levels);
            Vector128.Shuffle(table, Vector128.Create((ReadOnlySpan<sbyte>)levels[16..32])).CopyTo(levels[16..]);
        }

        public static void Scales(ReadOnlySpan<byte> block, Span<float> scales, Span<float> minima) => scales[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
    }
}
