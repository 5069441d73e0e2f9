using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Twenty bytes of 32 five-bit values: their upper bits (uint32, element j in bit j), then <see cref="Nibbles"/>.</summary>
internal static class FifthBits
{
    public static int At(ReadOnlySpan<byte> packed, int index) =>
        Nibbles.At(packed[4..], index) | (int)(((BinaryPrimitives.ReadUInt32LittleEndian(packed) >> index) & 1) << 4);

    /// <summary>All 32, less <paramref name="offset"/>.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, byte offset, Span<sbyte> levels)
    {
        Nibbles.Unpack(packed[4..], offset, levels);
        Vector128<byte> bits = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(packed)).AsByte();
        Span<byte> target = MemoryMarshal.AsBytes(levels);
        for (int half = 0; half < 2; half++)
        {
            // Byte j / 8 of the bits under element j, then its own bit alone.
            Vector128<byte> spread = Vector128.Shuffle(bits, Vector128.Create(Vector64.Create((byte)(2 * half)), Vector64.Create((byte)((2 * half) + 1))));
            Vector128<byte> own = Vector128.Create(0x8040_2010_0804_0201).AsByte();
            Vector128<byte> fifth = Vector128.Equals(spread & own, own) & Vector128.Create((byte)16);
            (Vector128.Create((ReadOnlySpan<byte>)target.Slice(16 * half, 16)) + fifth).CopyTo(target[(16 * half)..]);
        }
    }

    /// <summary>The inverse of <see cref="Unpack"/> with offset 0, for values 0 to 31.</summary>
    public static void Pack(ReadOnlySpan<sbyte> levels, Span<byte> packed)
    {
        Vector256<sbyte> fifth = Vector256.GreaterThan(Vector256.Create(levels[..32]), Vector256.Create((sbyte)15));
        BinaryPrimitives.WriteUInt32LittleEndian(packed, fifth.ExtractMostSignificantBits());
        Nibbles.Pack(levels, packed[4..]);
    }
}
