using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Grids;

/// <summary>
/// Levels and scales as GGUF's blocks of 32, with no rounding: scale (and minimum) as float16, then, for five bits, the fifth bits as one
/// little-endian word, then low nibbles of element j and j + 16 in byte j; eight bits are one signed byte each. Layouts: llama.cpp, <c>ggml-common.h</c>.
/// </summary>
public static class BlockPacker
{
    private const int Block = 32;

    /// <summary>Int8 rows are their levels alone. Throws <see cref="InvalidOperationException"/> where the grid has no block type or groups are not consecutive.</summary>
    public static byte[] Pack(QuantisedMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Grid == LevelGrid.Int8Rows) return MemoryMarshal.AsBytes<sbyte>(matrix.Levels).ToArray();
        if (matrix.Grid.Stored is not { } type || !matrix.IsConsecutive)
            throw new InvalidOperationException($"{matrix.Grid.Name} has no block type with these groups; it can be evaluated and not stored.");
        byte[] bytes = new byte[type.Bytes(matrix.Levels.Length)];
        int blockBytes = (int)type.Bytes(Block);
        for (int block = 0; block < matrix.Scales.Length; block++)
        {
            PackBlock(type, matrix.Levels.AsSpan(block * Block, Block), matrix.Scales[block], bytes.AsSpan(block * blockBytes, blockBytes));
        }
        return bytes;
    }

    private static void PackBlock(GgmlType type, ReadOnlySpan<sbyte> levels, GroupScale scale, Span<byte> block)
    {
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale.Scale);
        block = block[2..];
        if (type is GgmlType.Q4_1 or GgmlType.Q5_1)
        {
            BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale.Offset);
            block = block[2..];
        }
        if (type == GgmlType.Q8_0)
        {
            for (int i = 0; i < Block; i++) block[i] = (byte)levels[i];
            return;
        }
        if (type is GgmlType.Q5_0 or GgmlType.Q5_1)
        {
            uint fifth = 0;
            for (int i = 0; i < Block; i++) fifth |= (uint)((levels[i] >> 4) & 1) << i;
            BinaryPrimitives.WriteUInt32LittleEndian(block, fifth);
            block = block[4..];
        }
        for (int i = 0; i < Block / 2; i++) block[i] = (byte)((levels[i] & 15) | ((levels[i + (Block / 2)] & 15) << 4));
    }
}
