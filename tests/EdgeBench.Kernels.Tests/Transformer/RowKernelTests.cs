using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Kernels.Tests.Transformer;

/// <summary>Every vector width against the scalar definition at every length from 0 to 256.</summary>
public unsafe class RowKernelTests
{
    // Of a few float32 roundings each: sums in another order, additions fused.
    private const float Tolerance = 4e-6f;

    public static TheoryData<string> Names => [.. TransformerKernels.All.Where(kernels => kernels.IsSupported).Select(kernels => kernels.Name)];

    private static TransformerKernels Scalar => TransformerKernels.All[^1];

    [Fact]
    public void The_last_is_the_scalar_definition() => Assert.Equal("scalar", Scalar.Name);

    [Theory]
    [InlineData("avx512-vnni", 0)]
    [InlineData("avx2", 1)]
    [InlineData("scalar", 3)]
    [InlineData("advsimd", 2)]
    public void Kernels_are_no_wider_than_the_products_kernel_set(string set, int widest) =>
        Assert.Equal(TransformerKernels.All.Skip(widest).First(kernels => kernels.IsSupported).Name, TransformerKernels.For(set).Name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Rms_norm(string name) => Each(name, (kernels, x, y, target, count) => kernels.RmsNorm(x, y, count, 1e-5f, target), from: 1);

    [Theory]
    [MemberData(nameof(Names))]
    public void Swi_glu(string name) => Each(name, (kernels, x, y, target, count) => kernels.SwiGlu(x, y, target, count));

    [Theory]
    [MemberData(nameof(Names))]
    public void Ge_glu(string name) => Each(name, (kernels, x, y, target, count) => kernels.GeGlu(x, y, target, count));

    [Theory]
    [MemberData(nameof(Names))]
    public void Cap(string name) => Each(name, (kernels, x, _, target, count) =>
    {
        new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(target, count));
        kernels.Cap(target, count, 1.5f);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Add(string name) => Each(name, (kernels, x, y, target, count) =>
    {
        new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(target, count));
        kernels.Add(y, target, count);
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Rotate(string name)
    {
        TransformerKernels kernels = Named(name);
        for (int pairs = 0; pairs <= 64; pairs++)
        {
            int headDim = (2 * pairs) + 3;
            using Memory expected = Memory.Random(3 * headDim, pairs), actual = Memory.Of(expected.Span), cosines = Memory.Random(pairs, 7), sines = Memory.Random(pairs, 8);
            Scalar.Rotate(expected.Data, 3, headDim, pairs, cosines.Data, sines.Data);
            kernels.Rotate(actual.Data, 3, headDim, pairs, cosines.Data, sines.Data);
            Near(expected.Span, actual.Span);
            actual.AssertEndIsUntouched();
        }
    }

    [Fact]
    public void The_definition_itself_is_the_formula()
    {
        const int Count = 64;
        using Memory x = Memory.Random(Count, 1), y = Memory.Random(Count, 2), target = new(Count);
        double mean = x.Span.ToArray().Average(value => (double)value * value);
        Scalar.RmsNorm(x.Data, y.Data, Count, 1e-5f, target.Data);
        for (int i = 0; i < Count; i++) Assert.Equal(x.Data[i] / Math.Sqrt(mean + 1e-5) * y.Data[i], target.Data[i], 1e-5);
        Scalar.SwiGlu(x.Data, y.Data, target.Data, Count);
        for (int i = 0; i < Count; i++) Assert.Equal(x.Data[i] / (1 + Math.Exp(-x.Data[i])) * y.Data[i], target.Data[i], 1e-5);
        Scalar.GeGlu(x.Data, y.Data, target.Data, Count);
        for (int i = 0; i < Count; i++)
        {
            double z = x.Data[i];
            Assert.Equal(z / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z)))) * y.Data[i], target.Data[i], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gate_of_any_size_gives_what_exp_gives(string name)
    {
        float[] gates = [-1000, -104, -88.5f, -87.4f, -87.3f, -20, -1e-20f, 0, 1e-20f, 20, 88, 89, 1000, -3, 3, 0.5f];
        using Memory x = Memory.Of(gates), ones = Memory.Of(Enumerable.Repeat(1f, gates.Length).ToArray()), target = new(gates.Length);
        Named(name).SwiGlu(x.Data, ones.Data, target.Data, gates.Length);
        // x · e^x of -104 is 7e-44: results below the smallest normal number may be 0.
        for (int i = 0; i < gates.Length; i++) Assert.Equal(gates[i] / (1 + Math.Exp(-(double)gates[i])), target.Data[i], (1e-6 * Math.Abs(gates[i])) + 1e-36);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_not_finite_is_seen_by_the_norm_and_passed_on_by_the_gate(string name)
    {
        foreach (float broken in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (int at = 0; at < 40; at++)
            {
                using Memory x = Memory.Random(40, 3), y = Memory.Random(40, 4), target = new(40);
                x.Data[at] = broken;
                Assert.False(Named(name).RmsNorm(x.Data, y.Data, 40, 1e-5f, target.Data));
                if (!float.IsNaN(broken)) continue;
                Named(name).SwiGlu(x.Data, y.Data, target.Data, 40);
                Assert.True(float.IsNaN(target.Data[at]));
            }
        }
    }

    private delegate void Kernel(TransformerKernels kernels, float* x, float* y, float* target, int count);

    private static void Each(string name, Kernel kernel, int from = 0)
    {
        TransformerKernels kernels = Named(name);
        for (int count = from; count <= 256; count++)
        {
            using Memory x = Memory.Random(count, count), y = Memory.Random(count, count + 1000), expected = new(count), actual = new(count);
            kernel(Scalar, x.Data, y.Data, expected.Data, count);
            kernel(kernels, x.Data, y.Data, actual.Data, count);
            Near(expected.Span, actual.Span);
            actual.AssertEndIsUntouched();
        }
    }

    private static TransformerKernels Named(string name) => TransformerKernels.All.Single(kernels => kernels.Name == name);

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i} of {expected.Length}: {actual[i]} instead of {expected[i]}");
    }
}
