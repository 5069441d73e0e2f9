using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>Those of one width of vectors and one tile of products.</summary>
internal sealed unsafe class TrainingKernels<T, TTile> : TrainingKernels
    where T : unmanaged, IFloats<T>
    where TTile : struct, ITile
{
    public override string Name => T.Name;

    public override bool IsSupported => T.IsSupported && TTile.IsSupported;

    public override float RmsForward(float* x, float* gain, int width, float epsilon, float* y) => NormRows<T>.RmsForward(x, gain, width, epsilon, y);

    public override void RmsBackward(float* x, float* gain, float r, float* dy, int width, float* dx, bool adds, float* dgain) =>
        NormRows<T>.RmsBackward(x, gain, r, dy, width, dx, adds, dgain);

    public override float LayerForward(float* x, float* gain, float* bias, int width, float epsilon, float* y, out float mean) =>
        NormRows<T>.LayerForward(x, gain, bias, width, epsilon, y, out mean);

    public override void LayerBackward(float* x, float* gain, float mean, float r, float* dy, int width, float* dx, bool adds, float* dgain, float* dbias) =>
        NormRows<T>.LayerBackward(x, gain, mean, r, dy, width, dx, adds, dgain, dbias);

    public override void Gelu(float* x, float* y, int count) => Elementwise<T>.Apply<GeluUnary>(x, y, count);

    public override void GeluBackward(float* x, float* dy, float* dx, int count, bool adds) => Elementwise<T>.Backward<GeluUnary>(x, dy, dx, count, adds);

    public override void Tanh(float* x, float* y, int count) => Elementwise<T>.Apply<TanhUnary>(x, y, count);

    public override void TanhBackward(float* x, float* dy, float* dx, int count, bool adds) => Elementwise<T>.Backward<TanhUnary>(x, dy, dx, count, adds);

    public override void Silu(float* x, float* y, int count) => Elementwise<T>.Apply<SiluUnary>(x, y, count);

    public override void SiluBackward(float* x, float* dy, float* dx, int count, bool adds) => Elementwise<T>.Backward<SiluUnary>(x, dy, dx, count, adds);

    public override void SwiGlu(float* gate, float* up, float* y, int count) => RowKernels<T>.SwiGlu(gate, up, y, count);

    public override void SwiGluBackward(float* gate, float* up, float* dy, float* dgate, float* dup, int count) =>
        Elementwise<T>.SwiGluBackward(gate, up, dy, dgate, dup, count);

    public override void Rotate(float* row, int heads, int headDim, int pairs, float* cosines, float* sines) =>
        RowKernels<T>.Rotate(row, heads, headDim, pairs, cosines, sines);

    public override void Scale(float* x, float factor, float* y, int count, bool adds) => Elementwise<T>.Scale(x, factor, y, count, adds);

    public override void Multiply(float* x, float* factors, float* y, int count, bool adds) => Elementwise<T>.Multiply(x, factors, y, count, adds);

    public override void Add(float* x, float* y, int count) => RowKernels<T>.Add(x, y, count);

    public override float Dot(float* x, float* y, int count) => RowKernels<T>.Dot(x, y, count);

    public override float CrossEntropy(float* logits, int count, int target, float factor) => SoftmaxRows<T>.CrossEntropy(logits, count, target, factor);

    public override float Distillation(float* logits, float* teacher, int count, int target, float factor, float alpha, float temperature) =>
        DistillationRows<T>.Loss(logits, teacher, count, target, factor, alpha, temperature);

    public override float SquaredError(float* x, float* y, float* dx, float factor, int count, bool adds) => Elementwise<T>.SquaredError(x, y, dx, factor, count, adds);

    public override void OnLevels(float* w, float scale, int lowest, int highest, float* y, int count) => LearnedScaleRows<T>.Forward(w, scale, lowest, highest, y, count);

    public override float OnLevelsBackward(float* w, float scale, int lowest, int highest, float* dy, float* dw, int count, bool adds) =>
        LearnedScaleRows<T>.Backward(w, scale, lowest, highest, dy, dw, count, adds);

    public override int AttentionScratch(int keys, int headDim) => AttentionScratch<TTile>.Length(keys, headDim);

    public override void Attend(in AttentionBlock block, float* scratch) => AttentionRows<T, TTile>.Forward(block, scratch);

    public override void AttendBackward(in AttentionBlock block, float* scratch) => AttentionRows<T, TTile>.Backward(block, scratch);

    public override void AdamW(float* p, float* g, float* m, float* v, int count, in AdamWCoefficients with) => Updates<T>.AdamW(p, g, m, v, count, with);

    public override void Sgd(float* p, float* g, float* b, int count, float rate, float momentum, float clip) => Updates<T>.Sgd(p, g, b, count, rate, momentum, clip);
}
