using System.Runtime.InteropServices;
using CsCheck;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Tests.Quantisation;

public class HalfConversionTests
{
    private static readonly ushort[] s_everyHalf = [.. Enumerable.Range(0, 65536).Select(bits => (ushort)bits)];

    [Fact]
    public void Every_half_widens_as_the_runtime_widens_it()
    {
        float[] widened = new float[s_everyHalf.Length];
        HalfConversion.FromHalf(Stored(), widened);
        for (int bits = 0; bits < widened.Length; bits++)
            Assert.Equal((float)BitConverter.UInt16BitsToHalf((ushort)bits), widened[bits]);
        Assert.Equal(0x8000_0000, BitConverter.SingleToUInt32Bits(widened[0x8000]));
    }

    [Fact]
    public void Every_half_its_middles_and_their_neighbours_narrow_as_the_runtime_narrows_them()
    {
        List<float> sources = [float.NaN, -float.NaN, float.MaxValue, float.MinValue, 65519.996f, 65520f, float.Epsilon];
        foreach (ushort bits in s_everyHalf.Where(bits => (bits & 0x7C00) != 0x7C00))
        {
            double value = (double)BitConverter.UInt16BitsToHalf(bits);
            double next = (double)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            float middle = (float)((value + (double.IsFinite(next) ? next : Math.CopySign(65536, value))) / 2);
            sources.AddRange([(float)value, middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle)]);
        }
        ushort[] narrowed = Narrowed([.. sources]);
        for (int i = 0; i < sources.Count; i++) Assert.Equal(Expected(sources[i]), narrowed[i]);
    }

    [Fact]
    public void Any_float_narrows_the_same_in_a_vector_and_alone() =>
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle).Array[0, 70].Sample(source =>
            Assert.Equal(Array.ConvertAll(source, Expected), Narrowed(source)), iter: 2000);

    // bfloat16: half a last place of 1 is 2^-8; ties go to the even mantissa.
    [Theory]
    [InlineData(0x3F80_0000u, 0x3F80)]
    [InlineData(0x3F80_8000u, 0x3F80)]
    [InlineData(0x3F80_8001u, 0x3F81)]
    [InlineData(0x3F81_8000u, 0x3F82)]
    [InlineData(0x7F7F_FFFFu, 0x7F80)]
    [InlineData(0xFF80_0000u, 0xFF80)]
    [InlineData(0x7F80_0001u, 0x7FC0)]
    [InlineData(0x0000_8001u, 0x0001)]
    public void Bfloat16_rounds_to_nearest_even(uint bits, int expected)
    {
        byte[] stored = new byte[2];
        HalfConversion.ToBrain([BitConverter.UInt32BitsToSingle(bits)], stored.AsSpan());
        Assert.Equal(expected, BitConverter.ToUInt16(stored));
    }

    [Fact]
    public void Every_bfloat16_survives_the_way_out_and_back()
    {
        float[] widened = new float[s_everyHalf.Length];
        HalfConversion.FromBrain(Stored(), widened);
        byte[] back = new byte[widened.Length * 2];
        HalfConversion.ToBrain((ReadOnlySpan<float>)widened, back);
        for (int bits = 0; bits < widened.Length; bits++)
        {
            int expected = float.IsNaN(widened[bits]) ? bits | 0x40 : bits;
            Assert.Equal(expected, BitConverter.ToUInt16(back, bits * 2));
        }
    }

    private static byte[] Stored() => MemoryMarshal.AsBytes(s_everyHalf.AsSpan()).ToArray();

    private static ushort Expected(float value) =>
        float.IsNaN(value)
            ? (ushort)(float.IsNegative(value) ? 0xFE00 : 0x7E00)
            : BitConverter.HalfToUInt16Bits((Half)value);

    private static ushort[] Narrowed(float[] source)
    {
        ushort[] bits = new ushort[source.Length];
        HalfConversion.ToHalf(source, MemoryMarshal.AsBytes(bits.AsSpan()));
        return bits;
    }
}
