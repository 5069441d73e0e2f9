using CsCheck;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Tests.Packed;

/// <summary>Activations as levels: every width against the scalar specification, bit for bit, and that against its definition.</summary>
public unsafe class ActivationBlockTests
{
    private static readonly Gen<float[]> s_block =
        from exponent in Gen.OneOf(Gen.Int[-4, 4], Gen.Int[-149, 127])
        from values in Gen.OneOf(Gen.Float[-1f, 1f], Gen.Int[-254, 254].Select(i => i / 254f), Gen.Const(0f)).Array[32]
        select values.Select(value => value * MathF.ScaleB(1, exponent)).ToArray();

    [Fact]
    public void Every_width_gives_the_scalar_bits() => s_block.Sample(x => Check(x), iter: 20_000);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(float.Epsilon)]
    [InlineData(-0f)]
    public void Every_width_gives_the_scalar_bits_at_the_ends_of_float32(float value)
    {
        for (int at = 0; at < 32; at++)
        {
            float[] x = new float[32];
            x[at] = value;
            Check(x);
        }
    }

    [Fact]
    public void Levels_are_within_half_a_step_and_sums_are_theirs() => s_block.Sample(x =>
    {
        byte[] block = Of(x, (source, target) => ActivationBlock.Scalar(source, target));
        float scale = BitConverter.ToSingle(block, ActivationBlock.ScaleAt);
        int low = 0, high = 0;
        for (int i = 0; i < 32; i++)
        {
            int level = (sbyte)block[i];
            Assert.InRange(level, -127, 127);
            // Half a step, and the roundings of scale, factor and product; below 2⁻¹²¹ all is zero.
            Assert.Equal(x[i], (double)level * scale, Math.Max(scale * (0.5 + (127 * 4 * Math.Pow(2, -24))), Math.Pow(2, -121)));
            if (i < 16) low += level;
            else high += level;
        }
        Assert.Equal(scale * (low + high), BitConverter.ToSingle(block, ActivationBlock.ScaledSumAt));
        int[] starts = [-8 * (low + high), -16 * (low + high), -128 * (low + high), -32 * low, -32 * high, 0];
        Assert.Equal(starts, Enumerable.Range(0, 6).Select(i => BitConverter.ToInt32(block, ActivationBlock.Start8At + (4 * i))));
    }, iter: 5_000);

    private static void Check(float[] x)
    {
        byte[] expected = Of(x, (source, target) => ActivationBlock.Scalar(source, target));
        Assert.Equal(expected, Of(x, (source, target) => ActivationBlock.Set(source, target)));
        if (Lanes512.IsSupported) Assert.Equal(expected, Of(x, (source, target) => ActivationBlock.Set<Lanes512>(source, target)));
        if (Lanes256.IsSupported) Assert.Equal(expected, Of(x, (source, target) => ActivationBlock.Set<Lanes256>(source, target)));
        if (Lanes128.IsSupported) Assert.Equal(expected, Of(x, (source, target) => ActivationBlock.Set<Lanes128>(source, target)));
    }

    private delegate void Setter(float* source, byte* target);

    private static byte[] Of(float[] x, Setter set)
    {
        byte[] block = new byte[ActivationBlock.Bytes];
        fixed (float* source = x)
        fixed (byte* target = block) set(source, target);
        return block;
    }
}
