using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>What stands between products, row by row, on data that the caches hold, as those of a block do.</summary>
internal sealed unsafe class RowKernels : ICaseSource
{
    private const int Count = 128;

    private const float Epsilon = 1e-5f;

    public IEnumerable<KernelCase> Cases(int threads)
    {
        if (threads != 1) yield break;
        foreach (ModelShapes model in ModelShapes.All)
        {
            foreach (TransformerKernels kernels in TransformerKernels.All.Where(one => one.IsSupported && one.Name != KernelCatalog.Scalar))
            {
                yield return Case(model, kernels, "rmsnorm", model.Width, () => Norm(kernels, model.Width));
                yield return Case(model, kernels, "rope", model.Width, () => Rotary(kernels, model));
                yield return Case(model, kernels, "swiglu", model.Ffn, () => Gate(kernels, model.Ffn));
            }
            yield return new KernelCase(model.Name, "softmax", "f32", "tensors", "512", Count, 1) { Prepare = _ => Weights(512) };
        }
    }

    private static KernelCase Case(ModelShapes model, TransformerKernels kernels, string operation, int width, Func<KernelWork> prepare) =>
        new(model.Name, operation, "f32", kernels.Name, $"{width}", Count, 1) { Prepare = _ => prepare() };

    // Squares and their sum, then a multiplication by the root and one by the gain.
    private static SimpleWork Norm(TransformerKernels kernels, int width)
    {
        float[] x = SampleValues.Normal(width * Count), gain = SampleValues.Normal(width), y = new float[x.Length];
        return new SimpleWork(4.0 * x.Length, sizeof(float) * ((2.0 * x.Length) + width), () =>
        {
            fixed (float* source = x, gains = gain, target = y)
            {
                for (int row = 0; row < Count; row++) kernels.RmsNorm(source + (row * width), gains, width, Epsilon, target + (row * width));
            }
        });
    }

    // A pair takes four multiplications and two additions.
    private static SimpleWork Rotary(TransformerKernels kernels, ModelShapes model)
    {
        float[] x = SampleValues.Normal(model.Width * Count), angles = SampleValues.Normal(model.HeadDim * Count / 2);
        float[] cosines = [.. angles.Select(MathF.Cos)], sines = [.. angles.Select(MathF.Sin)];
        return new SimpleWork(3.0 * x.Length, sizeof(float) * ((2.0 * x.Length) + (2.0 * angles.Length)), () =>
        {
            int pairs = model.HeadDim / 2;
            fixed (float* rows = x, cosine = cosines, sine = sines)
            {
                for (int row = 0; row < Count; row++) kernels.Rotate(rows + (row * model.Width), model.Heads, model.HeadDim, pairs, cosine + (row * pairs), sine + (row * pairs));
            }
        });
    }

    // Of silu(gate) · up: an exponential counted as one, an addition, a division, two multiplications.
    private static SimpleWork Gate(TransformerKernels kernels, int width)
    {
        float[] gate = SampleValues.Normal(width * Count), up = SampleValues.Normal(gate.Length), y = new float[gate.Length];
        return new SimpleWork(5.0 * gate.Length, sizeof(float) * 3.0 * gate.Length, () =>
        {
            fixed (float* gates = gate, ups = up, target = y) kernels.SwiGlu(gates, ups, target, gate.Length);
        });
    }

    // A subtraction, an exponential counted as one, an addition, a division.
    private static SimpleWork Weights(int length)
    {
        float[] rows = SampleValues.Normal(length * Count);
        return new SimpleWork(4.0 * rows.Length, sizeof(float) * 2.0 * rows.Length, () =>
        {
            for (int row = 0; row < Count; row++) Softmax.Apply(rows.AsSpan(row * length, length));
        });
    }
}
