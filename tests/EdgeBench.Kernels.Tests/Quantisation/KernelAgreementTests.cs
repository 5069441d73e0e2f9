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

    private static readonly Gen<float[]> s_blocks =
        from count in Gen.Int[1, 9]
        from exponent in Gen.OneOf(Gen.Int[-4, 4], Gen.Int[-149, 11])
        from values in s_value.Array[count * 32]
        select values.Select(value => value * MathF.ScaleB(1, exponent)).ToArray();

    public static TheoryData<string> Formats => ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"];

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    public void Quantising_gives_the_same_bytes_at_every_width(string format) =>
        s_blocks.Sample(source =>
        {
            (IReadOnlyList<BlockKernel> kernels, int blockBytes) = Of(format);
            byte[] expected = Quantised(kernels[^1], source, blockBytes);
            foreach (BlockKernel kernel in kernels.Where(kernel => kernel.IsSupported))
                Assert.Equal(expected, Quantised(kernel, source, blockBytes));
        }, iter: 2000);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Dequantising_gives_the_same_bits_at_every_width(string format) =>
        Gen.Byte.Array[24 * 7].Sample(bytes =>
        {
            (IReadOnlyList<BlockKernel> kernels, int blockBytes) = Of(format);
            int blocks = bytes.Length / blockBytes;
            uint[] expected = Dequantised(kernels[^1], bytes.AsSpan(0, blocks * blockBytes), blocks);
            foreach (BlockKernel kernel in kernels.Where(kernel => kernel.IsSupported))
                Assert.Equal(expected, Dequantised(kernel, bytes.AsSpan(0, blocks * blockBytes), blocks));
        }, iter: 2000);

    [Theory]
    [InlineData("Q8_0", 127)]
    [InlineData("Q4_0", 8)]
    public void The_error_stays_within_a_step_of_the_grid(string format, float levels) =>
        Gen.Float[-100f, 100f].Array[64].Sample(source =>
        {
            (IReadOnlyList<BlockKernel> kernels, int blockBytes) = Of(format);
            float[] back = new float[source.Length];
            kernels.First(kernel => kernel.IsSupported).Dequantise(Quantised(kernels[^1], source, blockBytes), back);
            for (int start = 0; start < source.Length; start += 32)
            {
                // Half a step of rounding (Q4_0: a whole one, for the end that has no level), and float16's error in the scale.
                float largest = source.Skip(start).Take(32).Max(MathF.Abs);
                float bound = (largest / levels * (format == "Q4_0" ? 1f : 0.5f)) + (largest * 0.001f) + 1e-6f;
                for (int j = start; j < start + 32; j++) Assert.InRange(MathF.Abs(source[j] - back[j]), 0, bound);
            }
        }, iter: 500);

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    public void Numbers_that_are_not_finite_are_refused_with_their_place(string format)
    {
        (IReadOnlyList<BlockKernel> kernels, int blockBytes) = Of(format);
        foreach (BlockKernel kernel in kernels.Where(kernel => kernel.IsSupported))
        {
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] source = [.. Enumerable.Repeat(1f, 96)];
                source[71] = bad;
                var error = Assert.Throws<NotFiniteNumberException>(() => Quantised(kernel, source, blockBytes));
                Assert.Contains("71", error.Message);
            }
        }
    }

    [Theory]
    [InlineData("Q8_0", 65519f * 127)]
    [InlineData("Q4_0", 65519f * 8)]
    public void A_scale_beyond_float16_is_refused_and_the_last_within_is_not(string format, float last)
    {
        (IReadOnlyList<BlockKernel> kernels, int blockBytes) = Of(format);
        foreach (BlockKernel kernel in kernels.Where(kernel => kernel.IsSupported))
        {
            float[] source = new float[64];
            source[40] = -last;
            float[] back = new float[64];
            kernel.Dequantise(Quantised(kernel, source, blockBytes), back);
            Assert.All(back, value => Assert.True(float.IsFinite(value)));
            source[40] = last * 1.0001f;
            Assert.Contains("element 32", Assert.Throws<NotFiniteNumberException>(() => Quantised(kernel, source, blockBytes)).Message);
        }
    }

    [Fact]
    public void Lengths_that_are_not_whole_blocks_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Q8_0.Quantise(new float[33], new byte[34]));
        Assert.Throws<ArgumentException>(() => Q8_0.Quantise(new float[32], new byte[33]));
        Assert.Throws<ArgumentException>(() => Q4_0.Dequantise(new byte[18], new float[31]));
        Assert.Throws<ArgumentException>(() => Q5_1.Dequantise(new byte[25], new float[32]));
    }

    [Fact]
    public void A_block_of_zeros_of_either_sign_has_the_scale_minus_zero_in_Q4_0()
    {
        foreach (BlockKernel kernel in Q4_0.Kernels.Where(kernel => kernel.IsSupported))
        {
            byte[] expected = [0, 0x80, .. Enumerable.Repeat((byte)0x88, 16)];
            Assert.Equal(expected, Quantised(kernel, new float[32], 18));
            Assert.Equal(expected, Quantised(kernel, [.. Enumerable.Repeat(-0f, 32)], 18));
        }
    }

    private static (IReadOnlyList<BlockKernel> Kernels, int BlockBytes) Of(string format) => format switch
    {
        "Q8_0" => (Q8_0.Kernels, Q8_0.BlockBytes),
        "Q4_0" => (Q4_0.Kernels, Q4_0.BlockBytes),
        "Q4_1" => (Q4_1.Kernels, Q4_1.BlockBytes),
        "Q5_0" => (Q5_0.Kernels, Q5_0.BlockBytes),
        _ => (Q5_1.Kernels, Q5_1.BlockBytes),
    };

    private static byte[] Quantised(BlockKernel kernel, float[] source, int blockBytes)
    {
        byte[] blocks = new byte[source.Length / 32 * blockBytes];
        kernel.Quantise!(source, blocks);
        return blocks;
    }

    private static uint[] Dequantised(BlockKernel kernel, ReadOnlySpan<byte> bytes, int blocks)
    {
        float[] values = new float[blocks * 32];
        kernel.Dequantise(bytes, values);
        return Array.ConvertAll(values, value => float.IsNaN(value) ? 0x7FC0_0000 : BitConverter.SingleToUInt32Bits(value));
    }
}
