using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Kernels.Packed;

namespace EdgeBench.Engine.Inference.Loading;

/// <summary>A matrix product of the model: packed weights, and a bias where the file has one.</summary>
internal sealed unsafe class Linear(string name, PackedMatrix weights, NativeBlock? bias, KernelSet kernels) : IDisposable
{
    /// <summary>GGUF's name without <c>.weight</c>.</summary>
    public string Name => name;

    public PackedMatrix Weights => weights;

    public int Groups => weights.Groups;

    public int Outputs => weights.Rows;

    public int Inputs => weights.Columns;

    public long Bytes => weights.Bytes + (bias?.Bytes ?? 0);

    /// <summary>y[i · stride + r] = (or +=) W x[i] + bias for the rows r of groups [<paramref name="firstGroup"/>, <paramref name="endGroup"/>).</summary>
    public void Multiply(PackedRows x, int count, float* y, nint stride, int firstGroup, int endGroup, bool accumulate = false)
    {
        PackedProduct.Multiply(weights, x, count, y, stride, firstGroup, endGroup, accumulate, kernels);
        if (bias is null) return;
        int first = firstGroup * PackedMatrix.GroupRows, end = Math.Min(endGroup * PackedMatrix.GroupRows, weights.Rows);
        for (int row = 0; row < count; row++)
        {
            float* values = y + (row * stride);
            for (int i = first; i < end; i++) values[i] += bias.Floats[i];
        }
    }

    public void Dispose()
    {
        weights.Dispose();
        bias?.Dispose();
    }
}
