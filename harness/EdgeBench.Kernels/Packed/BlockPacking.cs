using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Packed;

/// <summary>Puts the blocks of a quantised row into its lane of a group, as <see cref="PackedFormat"/> describes.</summary>
internal static unsafe class BlockPacking
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRow(PackedFormat format, byte* source, int columns, byte* group, int lane)
    {
        if (format.WordsAt > 0)
        {
            PackWords(format, source, columns, group, lane);
            return;
        }
        BlockFormat blocks = format.Blocks!;
        Span<byte> levels = stackalloc byte[BlockDequantiser.LargestBlock];
        Span<float> scales = stackalloc float[BlockDequantiser.LargestBlock / BlockDequantiser.SmallestGroup], minima = stackalloc float[scales.Length];
        levels = levels[..blocks.BlockSize];
        int groups = blocks.BlockSize / blocks.GroupSize;
        for (int column = 0; column < columns; column += blocks.BlockSize, source += blocks.BlockBytes)
        {
            ReadOnlySpan<byte> block = new(source, blocks.BlockBytes);
            blocks.ReadLevels(block, levels, scales[..groups], minima[..groups]);
            byte* unit = group + ((nint)(column / format.UnitColumns) * format.UnitBytes);
            int first = column % format.UnitColumns / PackedFormat.BlockColumns;
            for (int part = 0; part * PackedFormat.BlockColumns < levels.Length; part++)
                PackLevels(format, levels.Slice(part * PackedFormat.BlockColumns, PackedFormat.BlockColumns), unit, first + part, lane);
            if (format.HasByteScales) PackByteScales(format, block, unit, lane);
            else PackScale(format, (ushort*)source, unit, first, lane);
        }
    }

    /// <summary>Blocks of 32 whose words of levels are quads already: they only move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackWords(PackedFormat format, byte* source, int columns, byte* group, int lane)
    {
        int blockBytes = format.Blocks!.BlockBytes, words = format.LowBits, wordsAt = format.WordsAt, unitBytes = format.UnitBytes;
        uint toUnsigned = words == 8 ? 0x8080_8080 : 0;
        int even = format.LowAt(0), odd = format.LowAt(1);
        for (int block = 0; block < columns / PackedFormat.BlockColumns; block++, source += blockBytes)
        {
            byte* unit = group + ((nint)(block / 2) * unitBytes);
            uint* low = (uint*)(unit + (block % 2 == 0 ? even : odd)) + lane, levels = (uint*)(source + wordsAt);
            for (int quad = 0; quad < words; quad++) low[quad * PackedFormat.GroupRows] = levels[quad] ^ toUnsigned;
            PackScale(format, (ushort*)source, unit, block % 2, lane);
        }
    }

    /// <summary>Four columns at once: a quad of one row is a word of 32 bits.</summary>
    private static void PackLevels(PackedFormat format, ReadOnlySpan<byte> levels, byte* unit, int block, int lane)
    {
        ReadOnlySpan<uint> quads = MemoryMarshal.Cast<byte, uint>(levels);
        uint* low = (uint*)(unit + format.LowAt(block)) + lane, high = (uint*)(unit + format.HighAt(block)) + lane;
        if (format.LowBits == 8)
        {
            for (int quad = 0; quad < 8; quad++) low[quad * PackedFormat.GroupRows] = quads[quad];
            return;
        }
        for (int quad = 0; quad < 4; quad++) low[quad * PackedFormat.GroupRows] = (quads[quad] & 0x0F0F_0F0F) | ((quads[quad + 4] & 0x0F0F_0F0F) << 4);
        if (format.HighBits == 1)
        {
            uint bits = 0;
            for (int quad = 0; quad < 8; quad++) bits |= ((quads[quad] >> 4) & 0x0101_0101) << quad;
            *high = bits;
        }
        for (int quad = 0; quad < 8 && format.HighBits == 2; quad += 4)
        {
            uint bits = 0;
            for (int i = 0; i < 4; i++) bits |= ((quads[quad + i] >> 4) & 0x0303_0303) << (2 * i);
            high[quad / 4 * PackedFormat.GroupRows] = bits;
        }
    }

    /// <summary>d, and for formats with a minimum m, whose sign is turned: value = d · level + m in the file.</summary>
    private static void PackScale(PackedFormat format, ushort* source, byte* unit, int block, int lane)
    {
        ((ushort*)(unit + format.ScaleAt(block, 0)))[lane] = source[0];
        if (format.HasMinimum) ((ushort*)(unit + format.MinimumAt(block)))[lane] = (ushort)(source[1] ^ 0x8000);
    }

    private static void PackByteScales(PackedFormat format, ReadOnlySpan<byte> block, byte* unit, int lane)
    {
        ushort* factors = (ushort*)(unit + PackedFormat.FactorAt(0)), minimumFactors = (ushort*)(unit + PackedFormat.FactorAt(1));
        if (!format.HasMinimum)
        {
            for (int i = 0; i < Q6_K.Scales; i++) unit[format.ScaleAt(i / 2, i % 2) + lane] = block[Q6_K.ScalesAt + i];
            factors[lane] = BitConverter.ToUInt16(block[Q6_K.FactorAt..]);
            return;
        }
        for (int i = 0; i < SixBitPairs.Groups; i++)
        {
            (int scale, int minimum) = SixBitPairs.At(block, i);
            unit[format.ScaleAt(i, 0) + lane] = (byte)scale;
            unit[format.MinimumAt(i) + lane] = (byte)minimum;
        }
        factors[lane] = BitConverter.ToUInt16(block);
        minimumFactors[lane] = BitConverter.ToUInt16(block[2..]);
    }
}
