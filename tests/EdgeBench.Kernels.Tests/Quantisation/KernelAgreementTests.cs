using CsCheck;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Tests.Quantisation;

/// <summary>Every kernel that this processor runs against the scalar specification, bit for bit.</summary>
public class KernelAgreementTests
{
    private static readonly float[] s_anchors = [0f, -0f, 1f, -1f, 8f, -8f, 127f, -127f];

    // Ordinary values, ties in magnitude, exact halves of a grid step, and magnitudes from subnormal to the end of float16's range of scales.
    private static readonly Gen<float> s_value = Gen.OneOf(
        Gen.Float[-1f, 1f],
        Gen.Int[0, 7].Select(i => s_anchors[i]),
        Gen.Int[-254, 254].Select(i => i * 0.5f),
        Gen.Int[-17, 17].Select(i => i * 0.5f));

    private static readonly BlockFormat[] s_formats =
    [
        Q8_0.Format, Q4_0.Format, Q4_1.Format, Q5_0.Format, Q5_1.Format, Q2_K.Format, Q3_K.Format, Q4_K.Format, Q5_K.Format, Q6_K.Format, IQ4_NL.Format,
    ];

    public static TheoryData<string> All => [.. s_formats.Select(format => format.Name)];

    public static TheoryData<string> Written => [.. s_formats.Where(format => format.CanQuantise).Select(format => format.Name)];

    public static TheoryData<string> Weighted => [.. s_formats.Where(format => format.TakesImportance).Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Written))]
    public void Quantising_gives_the_same_bytes_at_every_width(string name)
    {
        BlockFormat format = Of(name);
        Blocks(format, 1, 9).Sample(source =>
        {
            byte[] expected = Quantised(format, format.Kernels[^1], source);
            Assert.All(Supported(format), kernel => Assert.Equal(expected, Quantised(format, kernel, source)));
        }, iter: Iterations(format));
    }

    [Theory]
    [MemberData(nameof(Weighted))]
    public void Quantising_with_importance_gives_the_same_bytes_at_every_width(string name)
    {
        BlockFormat format = Of(name);
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3]).SelectMany((rows, columns) => Gen.Select(
            Blocks(format, rows * columns, rows * columns),
            Gen.OneOf(Gen.Float[0f, 10f], Gen.Const(0f), Gen.Float[0f, 1e-6f]).Array[columns * format.BlockSize])).Sample((source, importance) =>
        {
            byte[] expected = QuantisedWeighted(format, format.Kernels[^1], source, importance);
            Assert.All(Supported(format), kernel => Assert.Equal(expected, QuantisedWeighted(format, kernel, source, importance)));
        }, iter: Iterations(format));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Dequantising_gives_the_same_bits_at_every_width(string name)
    {
        BlockFormat format = Of(name);
        Gen.Int[1, 7].SelectMany(blocks => Gen.Byte.Array[blocks * format.BlockBytes]).Sample(bytes =>
        {
            uint[] expected = Dequantised(format, format.Kernels[^1], bytes);
            Assert.All(Supported(format), kernel => Assert.Equal(expected, Dequantised(format, kernel, bytes)));
        }, iter: 1000);
    }

    [Theory]
    [InlineData("Q8_0", 127, 0.5f)]
    [InlineData("Q4_0", 8, 1f)]
    [InlineData("Q5_0", 16, 1f)]
    [InlineData("Q4_1", 7.5f, 0.5f)]
    [InlineData("Q5_1", 15.5f, 0.5f)]
    public void The_error_stays_within_a_step_of_the_grid(string name, float levels, float steps)
    {
        // Half a step of rounding (a whole one where one end has no level), and float16's error in scale and offset.
        BlockFormat format = Of(name);
        Gen.Float[-100f, 100f].Array[64].Sample(source =>
        {
            float[] back = new float[source.Length];
            format.Dequantise(Quantised(format, format.Kernels[^1], source), back);
            for (int start = 0; start < source.Length; start += 32)
            {
                float largest = source.Skip(start).Take(32).Max(MathF.Abs);
                float bound = (largest / levels * steps) + (largest * 0.002f) + 1e-6f;
                for (int j = start; j < start + 32; j++) Assert.InRange(MathF.Abs(source[j] - back[j]), 0, bound);
            }
        }, iter: 500);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Numbers_that_are_not_finite_are_refused_with_their_place(string name)
    {
        BlockFormat format = Of(name);
        foreach (BlockKernel kernel in Supported(format))
        {
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] source = [.. Enumerable.Repeat(1f, 3 * format.BlockSize)];
                source[(2 * format.BlockSize) + 7] = bad;
                var error = Assert.Throws<NotFiniteNumberException>(() => Quantised(format, kernel, source));
                Assert.Contains($"{(2 * format.BlockSize) + 7}", error.Message, StringComparison.Ordinal);
                if (format.TakesImportance)
                    Assert.Throws<NotFiniteNumberException>(() => QuantisedWeighted(format, kernel, source, [.. Enumerable.Repeat(1f, format.BlockSize)]));
            }
        }
    }

    [Theory]
    [InlineData("Q8_0", 65519f * 127)]
    [InlineData("Q4_0", 65519f * 8)]
    [InlineData("Q5_0", 65519f * 16)]
    [InlineData("Q4_1", 65519f)]
    [InlineData("Q5_1", 65519f)]
    public void A_scale_beyond_float16_is_refused_and_the_last_within_is_not(string name, float last)
    {
        BlockFormat format = Of(name);
        foreach (BlockKernel kernel in Supported(format))
        {
            float[] source = new float[64];
            source[40] = -last;
            float[] back = new float[64];
            kernel.Dequantise(Quantised(format, kernel, source), back);
            Assert.All(back, value => Assert.True(float.IsFinite(value)));
            source[40] = -last * 1.0001f;
            Assert.Contains("element 32", Assert.Throws<NotFiniteNumberException>(() => Quantised(format, kernel, source)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Magnitudes_at_the_end_of_float32_are_refused_rather_than_stored_broken(string name)
    {
        BlockFormat format = Of(name);
        foreach (BlockKernel kernel in Supported(format))
        {
            foreach (float huge in new[] { 1e10f, 1e20f, float.MaxValue })
            {
                float[] source = new float[format.BlockSize];
                (source[3], source[9]) = (huge, -huge);
                Assert.Throws<NotFiniteNumberException>(() => Quantised(format, kernel, source));
            }
        }
    }

    [Fact]
    public void Lengths_that_are_not_whole_blocks_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Q8_0.Quantise(new float[33], new byte[34]));
        Assert.Throws<ArgumentException>(() => Q8_0.Quantise(new float[32], new byte[33]));
        Assert.Throws<ArgumentException>(() => Q4_0.Dequantise(new byte[18], new float[31]));
        Assert.Throws<ArgumentException>(() => Q5_1.Dequantise(new byte[25], new float[32]));
        Assert.Throws<ArgumentException>(() => Q4_K.Quantise(new float[128], new byte[72]));
        Assert.Throws<ArgumentException>(() => Q4_0.Format.Quantise(new float[96], new float[64], new byte[54]));
        Assert.Throws<ArgumentException>(() => Q4_0.Format.Quantise(new float[64], new float[48], new byte[36]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    public void An_importance_that_is_no_weight_is_refused(float bad) =>
        Assert.Throws<ArgumentException>(() => Q4_0.Format.Quantise(new float[32], [.. Enumerable.Repeat(1f, 31), bad], new byte[18]));

    [Fact]
    public void Formats_that_are_only_read_or_take_no_importance_say_so()
    {
        Assert.Throws<NotSupportedException>(() => Q2_K.Format.Quantise(new float[256], new byte[84]));
        Assert.Throws<NotSupportedException>(() => Q8_0.Format.Quantise(new float[32], new float[32], new byte[34]));
    }

    [Fact]
    public void A_block_of_zeros_of_either_sign_has_the_scale_minus_zero_in_Q4_0()
    {
        foreach (BlockKernel kernel in Supported(Q4_0.Format))
        {
            byte[] expected = [0, 0x80, .. Enumerable.Repeat((byte)0x88, 16)];
            Assert.Equal(expected, Quantised(Q4_0.Format, kernel, new float[32]));
            Assert.Equal(expected, Quantised(Q4_0.Format, kernel, [.. Enumerable.Repeat(-0f, 32)]));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Levels_scales_and_minima_give_the_values_back(string name)
    {
        BlockFormat format = Of(name);
        Gen.Byte.Array[3 * format.BlockBytes].Sample(bytes =>
        {
            float[] values = new float[3 * format.BlockSize];
            format.Dequantise(bytes, values);
            byte[] levels = new byte[values.Length];
            float[] scales = new float[values.Length / format.GroupSize], minima = new float[scales.Length];
            BlockLevels.Read(format, bytes, levels, scales, minima);
            for (int i = 0; i < values.Length; i++)
            {
                (float scale, float minimum) = (scales[i / format.GroupSize], minima[i / format.GroupSize]);
                if (!float.IsFinite(scale) || !float.IsFinite(minimum)) continue;
                // Zero levels and minima of 128 times the scale keep all but a rounding of float32.
                Assert.Equal(values[i], (scale * levels[i]) - minimum, MathF.Max(1e-30f, MathF.Abs(minimum) * 3e-7f));
            }
        }, iter: 300);
    }

    private static Gen<float[]> Blocks(BlockFormat format, int least, int most) =>
        from count in Gen.Int[least, most]
        from exponent in Gen.OneOf(Gen.Int[-4, 4], Gen.Int[-149, 7])
        from values in s_value.Array[count * format.BlockSize]
        select values.Select(value => value * MathF.ScaleB(1, exponent)).ToArray();

    private static int Iterations(BlockFormat format) => format.BlockSize == 32 ? 1000 : 100;

    private static BlockFormat Of(string name) => s_formats.Single(format => format.Name == name);

    private static IEnumerable<BlockKernel> Supported(BlockFormat format) => format.Kernels.Where(kernel => kernel.IsSupported);

    private static byte[] Quantised(BlockFormat format, BlockKernel kernel, float[] source)
    {
        byte[] blocks = new byte[source.Length / format.BlockSize * format.BlockBytes];
        kernel.Quantise!(source, blocks);
        return blocks;
    }

    private static byte[] QuantisedWeighted(BlockFormat format, BlockKernel kernel, float[] source, float[] importance)
    {
        byte[] blocks = new byte[source.Length / format.BlockSize * format.BlockBytes];
        kernel.QuantiseWeighted!(source, importance, blocks);
        return blocks;
    }

    private static uint[] Dequantised(BlockFormat format, BlockKernel kernel, byte[] bytes)
    {
        float[] values = new float[bytes.Length / format.BlockBytes * format.BlockSize];
        kernel.Dequantise(bytes, values);
        return Array.ConvertAll(values, value => float.IsNaN(value) ? 0x7FC0_0000 : BitConverter.SingleToUInt32Bits(value));
    }
}
