using System.Numerics.Tensors;

namespace EdgeBench.Kernels.Dense;

/// <summary>exp(x - max) / Σ exp(x - max) of a row, in place; at least one element is finite.</summary>
public static class Softmax
{
    public static void Apply(Span<float> row)
    {
        if (row.Length == 0) return;
        TensorPrimitives.Subtract(row, TensorPrimitives.Max(row), row);
        TensorPrimitives.Exp(row, row);
        TensorPrimitives.Multiply(row, 1 / TensorPrimitives.Sum(row), row);
    }
}
