using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Sixteen bytes of 32 four-bit values: element j in the low half of byte j, element j + 16 in its high half.</summary>
internal static class Nibbles
{
    public static int At(ReadOnlySpan<byte> packed, int index) => Half(packed[index % 16], index / 16);

    /// <summary>The low (0) or high (1) half of a byte.</summary>
    public static int Half(byte value, int which) => which == 0 ? value & 15 : value >> 4;

    /// <summary>All 32, less <paramref name="offset"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(ReadOnlySpan<byte> packed, byte offset, Span<sbyte> levels)
    {
        Vector128<byte> bytes = Vector128.Create(packed[..16]);
        Vector128<byte> zero = Vector128.Create(offset);
        Span<byte> target = MemoryMarshal.AsBytes(levels);
        ((bytes & Vector128.Create((byte)15)) - zero).CopyTo(target);
        (Vector128.ShiftRightLogical(bytes, 4) - zero).CopyTo(target[16..]);
    }

    /// <summary>The inverse of <see cref="Unpack"/> with offset 0; of larger values the low four bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pack(ReadOnlySpan<sbyte> levels, Span<byte> packed)
    {
        ReadOnlySpan<byte> source = MemoryMarshal.AsBytes(levels);
        Vector128<byte> low = Vector128.Create(source[..16]) & Vector128.Create((byte)15);
        (low | Vector128.ShiftLeft(Vector128.Create(source[16..32]), 4)).CopyTo(packed);
    }
}
