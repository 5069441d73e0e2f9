using EdgeBench.Kernels.Dense;
using EdgeBench.Kernels.Transformer.Lanes;

namespace EdgeBench.Kernels.Training;

/// <summary>
/// What training computes besides matrix products, on unmanaged memory and without allocation: functions of rows with their derivatives, attention, and
/// optimiser steps. All calls may run at once on memory that does not overlap. Gradients named d… are overwritten, or added to where <c>adds</c>; those of gains
/// and biases are always added to, and skipped where null.
/// </summary>
public abstract unsafe class TrainingKernels
{
    /// <summary>All implementations, fastest first.</summary>
    public static IReadOnlyList<TrainingKernels> All { get; } =
        [new TrainingKernels<Floats512, Tile512>(), new TrainingKernels<Floats256, Tile256>(), new TrainingKernels<Floats128, Tile128>(), new TrainingKernels<Floats1, TileScalar>()];

    /// <summary>The fastest that this processor runs.</summary>
    public static TrainingKernels Best { get; } = All.First(kernels => kernels.IsSupported);

    /// <summary>Vector width, or <c>scalar</c>, which is the specification.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this processor runs it.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>y = x · r · gain with the r that it returns, 1 / sqrt(mean(x²) + epsilon). Source: B. Zhang, R. Sennrich, 2019.</summary>
    public abstract float RmsForward(float* x, float* gain, int width, float epsilon, float* y);

    public abstract void RmsBackward(float* x, float* gain, float r, float* dy, int width, float* dx, bool adds, float* dgain);

    /// <summary>y = (x - mean) · r · gain + bias with the r that it returns, 1 / sqrt(variance + epsilon). Source: J. Ba et al., 2016.</summary>
    public abstract float LayerForward(float* x, float* gain, float* bias, int width, float epsilon, float* y, out float mean);

    public abstract void LayerBackward(float* x, float* gain, float mean, float r, float* dy, int width, float* dx, bool adds, float* dgain, float* dbias);

    /// <summary>y = x · Φ(x).</summary>
    public abstract void Gelu(float* x, float* y, int count);

    public abstract void GeluBackward(float* x, float* dy, float* dx, int count, bool adds);

    public abstract void Tanh(float* x, float* y, int count);

    public abstract void TanhBackward(float* x, float* dy, float* dx, int count, bool adds);

    /// <summary>y = x / (1 + e^-x).</summary>
    public abstract void Silu(float* x, float* y, int count);

    public abstract void SiluBackward(float* x, float* dy, float* dx, int count, bool adds);

    /// <summary>y = silu(gate) · up. Source: N. Shazeer, "GLU Variants Improve Transformer", 2020.</summary>
    public abstract void SwiGlu(float* gate, float* up, float* y, int count);

    public abstract void SwiGluBackward(float* gate, float* up, float* dy, float* dgate, float* dup, int count);

    /// <summary>Turns pairs (j, j + pairs) of each head of a row, in place; its derivative is itself with sines of the other sign.</summary>
    public abstract void Rotate(float* row, int heads, int headDim, int pairs, float* cosines, float* sines);

    /// <summary>y = (or +=) x · factor.</summary>
    public abstract void Scale(float* x, float factor, float* y, int count, bool adds);

    /// <summary>y = (or +=) x · factors, element by element.</summary>
    public abstract void Multiply(float* x, float* factors, float* y, int count, bool adds);

    /// <summary>y += x.</summary>
    public abstract void Add(float* x, float* y, int count);

    /// <summary>Σ x · y.</summary>
    public abstract float Dot(float* x, float* y, int count);

    /// <summary>Returns -log softmax(logits)[target]; logits become its gradient times <paramref name="factor"/>.</summary>
    public abstract float CrossEntropy(float* logits, int count, int target, float factor);

    /// <summary>
    /// Returns (1 - alpha) · -log softmax(logits)[target] + alpha · T² · KL(softmax(teacher / T) ‖ softmax(logits / T)); logits become its gradient times
    /// <paramref name="factor"/>. Source: G. Hinton et al., "Distilling the Knowledge in a Neural Network", 2015.
    /// </summary>
    public abstract float Distillation(float* logits, float* teacher, int count, int target, float factor, float alpha, float temperature);

    /// <summary>Returns Σ (x - y)²; dx, where it is not null, becomes (or grows by) (x - y) · factor.</summary>
    public abstract float SquaredError(float* x, float* y, float* dx, float factor, int count, bool adds);

    /// <summary>y = scale · round(clamp(w / scale, lowest, highest)), halves to even; 0 where scale is.</summary>
    public abstract void OnLevels(float* w, float scale, int lowest, int highest, float* y, int count);

    /// <summary>
    /// Returns the gradient of the scale, straight through the rounding; dw, where it is not null, becomes (or grows by) dy where w / scale is between the limits. Source:
    /// S. Esser et al., "Learned Step Size Quantization", 2020, equations 3 and 5.
    /// </summary>
    public abstract float OnLevelsBackward(float* w, float scale, int lowest, int highest, float* dy, float* dw, int count, bool adds);

    /// <summary>Floats of working memory for attention over that many keys.</summary>
    public abstract int AttentionScratch(int keys, int headDim);

    /// <summary>softmax(scale · Q Kᵀ) V.</summary>
    public abstract void Attend(in AttentionBlock block, float* scratch);

    /// <summary>Writes the gradients of queries, keys and values.</summary>
    public abstract void AttendBackward(in AttentionBlock block, float* scratch);

    /// <summary>A step of AdamW over parameters, gradients and both moments. Source: I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", 2019.</summary>
    public abstract void AdamW(float* p, float* g, float* m, float* v, int count, in AdamWCoefficients with);

    /// <summary>b ← momentum · b + clip · g; p ← p - rate · b.</summary>
    public abstract void Sgd(float* p, float* g, float* b, int count, float rate, float momentum, float clip);
}
