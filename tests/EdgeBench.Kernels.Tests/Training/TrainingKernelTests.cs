using CsCheck;
using EdgeBench.Kernels.Tests.Dense;
using EdgeBench.Kernels.Training;

namespace EdgeBench.Kernels.Tests.Training;

/// <summary>Every width of vectors against the scalar definition, at every length around them.</summary>
public unsafe class TrainingKernelTests
{
    private static readonly TrainingKernels s_scalar = TrainingKernels.All[^1];

    private static readonly Gen<(int Count, bool Adds, int Seed)> s_case = Gen.Select(Gen.Int[1, 150], Gen.Bool, Gen.Int[0, 1 << 30]);

    private static IEnumerable<TrainingKernels> Others => TrainingKernels.All.Where(kernels => kernels.IsSupported && kernels != s_scalar);

    [Fact]
    public void Norms_and_their_derivatives() => s_case.Sample((count, adds, seed) => Agree(count, seed, (kernels, x, gain, bias, slope, result, sums) =>
    {
        float r = kernels.RmsForward(x, gain, count, 1e-2f, result);
        kernels.RmsBackward(x, gain, r, slope, count, result + count, adds, sums);
        r = kernels.LayerForward(x, gain, bias, count, 1e-2f, result + (2 * count), out float mean);
        kernels.LayerBackward(x, gain, mean, r, slope, count, result + (3 * count), adds, sums + count, sums + (2 * count));
    }), iter: 300);

    [Fact]
    public void Functions_of_elements_and_their_derivatives() => s_case.Sample((count, adds, seed) => Agree(count, seed, (kernels, x, gain, bias, slope, result, sums) =>
    {
        kernels.Gelu(x, result, count);
        kernels.GeluBackward(x, slope, result + count, count, adds);
        kernels.Tanh(x, result + (2 * count), count);
        kernels.TanhBackward(x, slope, result + (3 * count), count, adds);
        kernels.Silu(x, bias, count);
        kernels.SiluBackward(x, slope, gain, count, adds);
        kernels.SwiGlu(x, gain, sums, count);
        kernels.SwiGluBackward(x, gain, slope, sums + count, sums + (2 * count), count);
    }), iter: 300);

    [Fact]
    public void Losses_and_sums() => s_case.Sample((count, adds, seed) => Agree(count, seed, (kernels, x, gain, bias, slope, result, sums) =>
    {
        sums[0] = kernels.SquaredError(x, gain, result, 0.3f, count, adds);
        kernels.Scale(x, 0.7f, result + count, count, adds);
        kernels.Multiply(x, gain, result + (2 * count), count, adds);
        sums[1] = kernels.CrossEntropy(x, count, seed % count, 0.5f);
        sums[2] = kernels.Dot(gain, slope, count);
        sums[3] = kernels.Distillation(bias, slope, count, seed % count, 0.5f, 0.3f, 1.7f);
    }), iter: 300);

    [Fact]
    public void Levels_of_a_scale_and_its_gradient() => s_case.Sample((count, adds, seed) => Agree(count, seed, (kernels, x, gain, bias, slope, result, sums) =>
    {
        float scale = seed % 3 == 0 ? -0.25f : 0.25f;
        kernels.OnLevels(x, scale, -8, 7, result, count);
        sums[0] = kernels.OnLevelsBackward(x, scale, -3, 3, slope, seed % 2 == 0 ? gain : null, count, adds);
        kernels.OnLevels(x, 0, -8, 7, result + count, count);
        sums[1] = kernels.OnLevelsBackward(x, 0, -8, 7, slope, bias, count, adds);
    }), iter: 300);

    [Fact]
    public void Optimiser_steps() => s_case.Sample((count, _, seed) => Agree(count, seed, (kernels, p, m, v, g, result, sums) =>
    {
        for (int i = 0; i < count; i++) v[i] = MathF.Abs(v[i]);
        kernels.AdamW(p, g, m, v, count, new(0.9f, 0.01f, 0.9f, 0.95f, 1.5f, 1e-3f, 0.5f));
        kernels.Sgd(result, g, sums, count, 0.1f, 0.9f, 0.5f);
    }), iter: 200);

    [Theory]
    [InlineData(1, 1, 1, 5, true, 0)]
    [InlineData(37, 37, 3, 8, true, 0)]
    [InlineData(130, 130, 2, 33, true, 0)]
    [InlineData(50, 23, 2, 16, false, 0)]
    [InlineData(97, 97, 1, 64, false, 0)]
    [InlineData(1, 4, 1, 5, true, 3)]
    [InlineData(100, 121, 2, 16, true, 21)]
    [InlineData(20, 18, 2, 16, false, 5)]
    public void Attention_and_its_derivative(int length, int seen, int queries, int headDim, bool causal, int prefix)
    {
        float[][] expected = Attend(s_scalar, length, seen, queries, headDim, causal, prefix);
        foreach (TrainingKernels kernels in Others)
        {
            float[][] actual = Attend(kernels, length, seen, queries, headDim, causal, prefix);
            for (int i = 0; i < expected.Length; i++) Matrices.Near(expected[i], actual[i], 60);
        }
    }

    private static float[][] Attend(TrainingKernels kernels, int length, int seen, int queries, int headDim, bool causal, int prefix)
    {
        int keys = prefix + length, width = queries * headDim;
        float[] q = Matrices.Random(length * width, 1), k = Matrices.Random(keys * headDim, 2), v = Matrices.Random(keys * headDim, 3), slope = Matrices.Random(length * width, 4);
        float[] output = new float[length * width], logarithms = new float[queries * length], dq = new float[length * width], dk = new float[keys * headDim], dv = new float[keys * headDim];
        float[] scratch = new float[kernels.AttentionScratch(keys, headDim)];
        fixed (float* pq = q, pk = k, pv = v, ps = slope, po = output, pl = logarithms, pdq = dq, pdk = dk, pdv = dv, memory = scratch)
        {
            AttentionBlock block = new(length, seen, queries, headDim, causal, 0.8f)
            {
                Prefix = prefix,
                Q = (nint)pq,
                QStride = width,
                K = (nint)pk,
                V = (nint)pv,
                KvStride = headDim,
                Output = (nint)po,
                Logarithms = (nint)pl,
                LogarithmStride = length,
                OutputGradient = (nint)ps,
                QGradient = (nint)pdq,
                KGradient = (nint)pdk,
                VGradient = (nint)pdv,
            };
            kernels.Attend(block, memory);
            kernels.AttendBackward(block, memory);
        }
        return [output, logarithms, dq, dk, dv];
    }

    private static void Agree(int count, int seed, Body body)
    {
        float[] expected = Results(s_scalar, count, seed, body);
        foreach (TrainingKernels kernels in Others) Matrices.Near(expected, Results(kernels, count, seed, body), 60);
    }

    // Four inputs of that length, four results and three sums, all returned.
    private static float[] Results(TrainingKernels kernels, int count, int seed, Body body)
    {
        float[] all = Matrices.Random(11 * count, seed);
        Array.Resize(ref all, (11 * count) + 4);
        fixed (float* start = all)
            body(kernels, start, start + count, start + (2 * count), start + (3 * count), start + (4 * count), start + (8 * count));
        return all;
    }

    private delegate void Body(TrainingKernels kernels, float* x, float* gain, float* bias, float* slope, float* result, float* sums);
}
