using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Quantisation;

/// <summary>
/// float32 from and to float16 (IEEE binary16) and bfloat16. Narrowing rounds to nearest, ties to even, subnormals included; values beyond the
/// range become infinities. A NaN becomes the quiet NaN 0x7E00 (float16) or keeps its upper payload and turns quiet (bfloat16), with its sign,
/// as in llama.cpp. Widening is exact; signalling NaNs turn quiet.
/// </summary>
public static class HalfConversion
{
    public static ushort ToHalfBits(float value) =>
        float.IsNaN(value)
            ? (ushort)(((BitConverter.SingleToUInt32Bits(value) >> 16) & 0x8000) | 0x7E00)
            : BitConverter.HalfToUInt16Bits((Half)value);

    public static float FromHalfBits(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    public static ushort ToBrainBits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    public static float FromBrainBits(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>To float16 as stored in files: two little-endian bytes an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToHalf(ReadOnlySpan<float> source, Span<byte> destination)
    {
        Span<ushort> bits = Elements(source.Length, destination);
        int done = 0;
        for (; done + Vector<ushort>.Count <= source.Length; done += Vector<ushort>.Count)
        {
            Vector<uint> low = HalfLanes.Narrow(new Vector<float>(source[done..]));
            Vector<uint> high = HalfLanes.Narrow(new Vector<float>(source[(done + Vector<float>.Count)..]));
            Vector.Narrow(low, high).CopyTo(bits[done..]);
        }
        for (; done < source.Length; done++) bits[done] = ToHalfBits(source[done]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromHalf(ReadOnlySpan<byte> source, Span<float> destination)
    {
        ReadOnlySpan<ushort> bits = Elements(source, destination.Length);
        int done = 0;
        for (; done + Vector<ushort>.Count <= destination.Length; done += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(bits[done..]), out Vector<uint> low, out Vector<uint> high);
            HalfLanes.Widen(low).CopyTo(destination[done..]);
            HalfLanes.Widen(high).CopyTo(destination[(done + Vector<float>.Count)..]);
        }
        for (; done < destination.Length; done++) destination[done] = FromHalfBits(bits[done]);
    }

    /// <summary>To bfloat16 as stored in files: two little-endian bytes an element.</summary>
    public static void ToBrain(ReadOnlySpan<float> source, Span<byte> destination)
    {
        Span<ushort> bits = Elements(source.Length, destination);
        for (int i = 0; i < source.Length; i++) bits[i] = ToBrainBits(source[i]);
    }

    public static void FromBrain(ReadOnlySpan<byte> source, Span<float> destination)
    {
        ReadOnlySpan<ushort> bits = Elements(source, destination.Length);
        for (int i = 0; i < destination.Length; i++) destination[i] = FromBrainBits(bits[i]);
    }

    private static Span<ushort> Elements(int elements, Span<byte> bytes) =>
        bytes.Length == elements * 2 ? MemoryMarshal.Cast<byte, ushort>(bytes) : throw WrongLength(elements, bytes.Length);

    private static ReadOnlySpan<ushort> Elements(ReadOnlySpan<byte> bytes, int elements) =>
        bytes.Length == elements * 2 ? MemoryMarshal.Cast<byte, ushort>(bytes) : throw WrongLength(elements, bytes.Length);

    private static ArgumentException WrongLength(int elements, int bytes) =>
        new($"{bytes} bytes for {elements} elements; expected {elements * 2}.", nameof(bytes));
}
