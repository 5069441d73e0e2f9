using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Tests.Packed;

/// <summary>Weights as files have them, and activations.</summary>
internal static class Samples
{
    private static readonly BlockFormat[] s_blocks = [Q8_0.Format, Q4_0.Format, Q4_1.Format, Q5_0.Format, Q5_1.Format, Q4_K.Format, Q5_K.Format, Q6_K.Format];

    public static BlockFormat? Blocks(string format) => s_blocks.FirstOrDefault(blocks => blocks.Name == format);

    public static int Step(string format) => Blocks(format)?.BlockSize ?? 1;

    /// <summary>Any bits as levels; scales and minima are ordinary numbers of either sign.</summary>
    public static byte[] Weights(string format, int rows, int columns, int seed, byte? levels = null)
    {
        Random random = new(seed);
        if (Blocks(format) is not { } blocks)
        {
            float[] values = Activations(rows, columns, seed);
            byte[] bytes = new byte[values.Length * (format == "F32" ? 4 : 2)];
            if (format == "F32") Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
            else if (format == "F16") HalfConversion.ToHalf(values, bytes);
            else HalfConversion.ToBrain(values, bytes);
            return bytes;
        }
        byte[] packed = new byte[rows * columns / blocks.BlockSize * blocks.BlockBytes];
        if (levels is { } level) packed.AsSpan().Fill(level);
        else random.NextBytes(packed);
        int[] halves = format switch { "Q6_K" => [208], "Q8_0" or "Q4_0" or "Q5_0" => [0], _ => [0, 2] };
        for (int start = 0; start < packed.Length; start += blocks.BlockBytes)
        {
            foreach (int at in halves) BitConverter.TryWriteBytes(packed.AsSpan(start + at), (Half)((random.NextSingle() - 0.5f) / 8));
        }
        return packed;
    }

    public static float[] Activations(int rows, int columns, int seed)
    {
        Random random = new(seed);
        float[] x = new float[rows * columns];
        for (int i = 0; i < x.Length; i++) x[i] = (random.NextSingle() - 0.5f) * (1 << random.Next(4));
        return x;
    }

    /// <summary>Weights as float32, row after row.</summary>
    public static float[] Dequantised(string format, byte[] weights, int rows, int columns)
    {
        float[] values = new float[rows * columns];
        if (Blocks(format) is { } blocks) blocks.Dequantise(weights, values);
        else if (format == "F32") Buffer.BlockCopy(weights, 0, values, 0, weights.Length);
        else if (format == "F16") HalfConversion.FromHalf(weights, values);
        else HalfConversion.FromBrain(weights, values);
        return values;
    }

    public static unsafe PackedRows Pack(float[] x, int rows, int columns, PackedMatrix matrix)
    {
        PackedRows packed = PackedRows.For(Math.Max(1, rows), matrix);
        fixed (float* source = x) packed.Set(source, columns, 0, rows);
        return packed;
    }

    /// <summary>Products of all rows; what no product may write is filled with <paramref name="guard"/>.</summary>
    public static unsafe float[] Multiply(PackedMatrix matrix, PackedRows rows, int count, KernelSet kernels, int firstGroup, int endGroup, bool accumulate = false, float guard = 7)
    {
        int stride = matrix.Rows + Guard;
        float[] y = new float[(count * stride) + Guard];
        Array.Fill(y, guard);
        fixed (float* target = y) PackedProduct.Multiply(matrix, rows, count, target, stride, firstGroup, endGroup, accumulate, kernels);
        return y;
    }

    /// <summary>The same bits, zeros of either sign alike; NaN is NaN.</summary>
    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!expected[i].Equals(actual[i])) Assert.Fail($"Element {i} of {expected.Length} is {actual[i]:R}, expected {expected[i]:R}.");
        }
    }

    public const int Guard = 5;
}
