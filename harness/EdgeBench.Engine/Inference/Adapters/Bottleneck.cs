using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Engine.Inference.Adapters;

/// <summary>y = s + up(silu(down(s) + b_down)) + b_up on what attention or the feed-forward part gives. Source: N. Houlsby et al., 2019.</summary>
/// <param name="down">[inner, width].</param>
/// <param name="up">[width, inner].</param>
internal sealed unsafe class Bottleneck(int inner, NativeBlock down, NativeBlock downBias, NativeBlock up, NativeBlock upBias, TransformerKernels kernels) : IDisposable
{
    /// <summary>target = silu(down(s) + b_down), inner long.</summary>
    public void Down(float* s, int width, float* target)
    {
        for (int i = 0; i < inner; i++)
        {
            float x = kernels.Dot(down.Floats + ((nint)i * width), s, width) + downBias.Floats[i];
            target[i] = x / (1 + MathF.Exp(-x));
        }
    }

    /// <summary>An element of up(x) + b_up.</summary>
    public float Up(int row, float* x) => kernels.Dot(up.Floats + ((nint)row * inner), x, inner) + upBias.Floats[row];

    public void Dispose()
    {
        foreach (NativeBlock block in new[] { down, downBias, up, upBias }) block.Dispose();
    }
}
