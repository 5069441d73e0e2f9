using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>
/// Blocks of a group expanded to what tiles need, in rows of 64 bytes: eight quads, one or two scales and perhaps minima of 16 rows as float32.
/// </summary>
internal static unsafe class BlockPanel
{
    private const int RowBytes = PackedFormat.QuadBytes, Quads = 8;

    public const int ScalesAt = Quads * RowBytes;

    public static int BlockBytes(PackedFormat format) => (Quads + format.Scales + (format.HasMinimum ? 1 : 0)) * RowBytes;

    /// <param name="signed">Turns levels of eight bits into signed ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Expand(PackedFormat format, byte* unit, int units, bool signed, byte* target)
    {
        float* factors = stackalloc float[2 * PackedFormat.GroupRows];
        for (; units > 0; units--, unit += format.UnitBytes)
        {
            if (format.HasByteScales)
            {
                WidenHalves(unit + PackedFormat.FactorAt(0), factors);
                if (format.HasMinimum) WidenHalves(unit + PackedFormat.FactorAt(1), factors + PackedFormat.GroupRows);
            }
            for (int block = 0; block < format.UnitBlocks; block++)
            {
                Levels(format, unit, block, signed, target);
                target += ScalesAt;
                for (int part = 0; part < format.Scales; part++, target += RowBytes) Scale(format, unit + format.ScaleAt(block, part), factors, (float*)target);
                if (!format.HasMinimum) continue;
                Scale(format, unit + format.MinimumAt(block), factors + PackedFormat.GroupRows, (float*)target);
                target += RowBytes;
            }
        }
    }

    private static void Levels(PackedFormat format, byte* unit, int block, bool signed, byte* target)
    {
        byte* low = unit + format.LowAt(block), high = unit + format.HighAt(block);
        if (format.LowBits == 8)
        {
            Vector<byte> zero = new(signed ? (byte)0x80 : (byte)0);
            for (int at = 0; at < Quads * RowBytes; at += Vector<byte>.Count) Store(Load(low + at) ^ zero, target + at);
            return;
        }
        Vector<byte> mask = new(0x0F);
        for (int at = 0; at < 4 * RowBytes; at += Vector<byte>.Count)
        {
            Vector<byte> both = Load(low + at);
            Store(both & mask, target + at);
            Store(Vector.ShiftRightLogical(both.As<byte, ushort>(), 4).As<ushort, byte>() & mask, target + (4 * RowBytes) + at);
        }
        if (format.HighBits > 0) AddHighBits(format.HighBits, high, target);
    }

    /// <summary>Bits above the fourth; those that a shift brings from the neighbouring byte fall to the mask.</summary>
    private static void AddHighBits(int bits, byte* high, byte* target)
    {
        Vector<byte> mask = new((byte)(((1 << bits) - 1) << 4));
        int quadsOfRow = Quads / bits;
        for (int quad = 0; quad < Quads; quad++)
        {
            int right = (quad % quadsOfRow * bits) - 4;
            byte* row = target + (quad * RowBytes), source = high + (quad / quadsOfRow * RowBytes);
            for (int at = 0; at < RowBytes; at += Vector<byte>.Count)
            {
                Vector<ushort> words = Load(source + at).As<byte, ushort>();
                Vector<ushort> moved = right > 0 ? Vector.ShiftRightLogical(words, right) : Vector.ShiftLeft(words, -right);
                Store(Load(row + at) | (moved.As<ushort, byte>() & mask), row + at);
            }
        }
    }

    private static void Scale(PackedFormat format, byte* source, float* factors, float* target)
    {
        if (!format.HasByteScales)
        {
            WidenHalves(source, target);
            return;
        }
        for (int lane = 0; lane < PackedFormat.GroupRows; lane += 4)
        {
            Vector128<int> levels = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(int*)(source + lane)).AsSByte()));
            (Vector128.ConvertToSingle(levels) * Vector128.Load(factors + lane)).Store(target + lane);
        }
    }

    /// <summary>16 of float16.</summary>
    private static void WidenHalves(byte* source, float* target)
    {
        for (int lane = 0; lane < PackedFormat.GroupRows; lane += Vector<ushort>.Count)
        {
            Vector.Widen(Unsafe.ReadUnaligned<Vector<ushort>>(source + (lane * sizeof(ushort))), out Vector<uint> low, out Vector<uint> high);
            Unsafe.WriteUnaligned(target + lane, HalfLanes.Widen(low));
            Unsafe.WriteUnaligned(target + lane + Vector<float>.Count, HalfLanes.Widen(high));
        }
    }

    private static Vector<byte> Load(byte* source) => Unsafe.ReadUnaligned<Vector<byte>>(source);

    private static void Store(Vector<byte> value, byte* target) => Unsafe.WriteUnaligned(target, value);
}
