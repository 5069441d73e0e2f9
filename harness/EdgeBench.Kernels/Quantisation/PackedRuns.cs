using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>Runs of 32 bytes whose bits belong to several runs of 32 elements, as the blocks of 256 store them: byte j belongs to element j of each run.</summary>
internal static class PackedRuns
{
    /// <summary>32 bytes: the low halves are 32 elements, the high halves the next 32.</summary>
    public static void UnpackNibbles(ReadOnlySpan<byte> packed, Span<sbyte> levels)
    {
        Vector256<byte> bytes = Load(packed);
        Store(bytes & Vector256.Create((byte)15), levels);
        Store(Vector256.ShiftRightLogical(bytes, 4), levels[32..]);
    }

    /// <summary>The inverse of <see cref="UnpackNibbles"/>; of larger values the low four bits.</summary>
    public static void PackNibbles(ReadOnlySpan<sbyte> levels, Span<byte> packed) =>
        ((Load(levels) & Vector256.Create((byte)15)) | Vector256.ShiftLeft(Load(levels[32..]), 4)).CopyTo(packed);

    /// <summary>64 bytes: the low halves are 64 elements, the high halves the next 64.</summary>
    public static void UnpackWide(ReadOnlySpan<byte> packed, Span<sbyte> levels)
    {
        for (int run = 0; run < 2; run++)
        {
            Vector256<byte> bytes = Load(packed[(run * 32)..]);
            Store(bytes & Vector256.Create((byte)15), levels[(run * 32)..]);
            Store(Vector256.ShiftRightLogical(bytes, 4), levels[(64 + (run * 32))..]);
        }
    }

    /// <summary>The inverse of <see cref="UnpackWide"/>; of larger values the low four bits.</summary>
    public static void PackWide(ReadOnlySpan<sbyte> levels, Span<byte> packed)
    {
        for (int run = 0; run < 2; run++)
        {
            Vector256<byte> low = Load(levels[(run * 32)..]) & Vector256.Create((byte)15);
            (low | Vector256.ShiftLeft(Load(levels[(64 + (run * 32))..]), 4)).CopyTo(packed[(run * 32)..]);
        }
    }

    /// <summary>64 bytes: bits 2k and 2k + 1 of each 32 bytes are run k of four runs.</summary>
    public static void UnpackPairs(ReadOnlySpan<byte> packed, Span<sbyte> levels)
    {
        for (int run = 0; run < 8; run++)
        {
            Vector256<byte> bytes = Load(packed[(run / 4 * 32)..]);
            Store(Vector256.ShiftRightLogical(bytes, run % 4 * 2) & Vector256.Create((byte)3), levels[(run * 32)..]);
        }
    }

    /// <summary>Adds the masked bits from <paramref name="bit"/> on of 32 bytes, as bits <paramref name="place"/> and up, to 32 levels.</summary>
    public static void AddBits(ReadOnlySpan<byte> packed, int bit, byte mask, Span<sbyte> levels, int place = 4)
    {
        Vector256<byte> upper = Vector256.ShiftLeft(Vector256.ShiftRightLogical(Load(packed), bit) & Vector256.Create(mask), place);
        Store(Load(levels) | upper, levels);
    }

    /// <summary>Puts bits 4 and up of 32 levels, masked, into 32 bytes from <paramref name="bit"/> on, where zeros are.</summary>
    public static void SetBits(ReadOnlySpan<sbyte> levels, int bit, byte mask, Span<byte> packed)
    {
        Vector256<byte> upper = Vector256.ShiftRightLogical(Load(levels), 4) & Vector256.Create(mask);
        (Load(packed) | Vector256.ShiftLeft(upper, bit)).CopyTo(packed);
    }

    /// <summary>Adds a number to each level; whole runs of 32.</summary>
    public static void Shift(Span<sbyte> levels, sbyte by)
    {
        for (int j = 0; j < levels.Length; j += 32) Store(Load(levels[j..]) + Vector256.Create((byte)by), levels[j..]);
    }

    private static Vector256<byte> Load(ReadOnlySpan<byte> bytes) => Vector256.Create(bytes[..32]);

    private static Vector256<byte> Load(ReadOnlySpan<sbyte> levels) => Load(MemoryMarshal.AsBytes(levels));

    private static void Store(Vector256<byte> bytes, Span<sbyte> levels) => bytes.CopyTo(MemoryMarshal.AsBytes(levels));
}
