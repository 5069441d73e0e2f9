using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Training.Operations;

/// <summary>The three products of a linear layer y = x Wᵀ, W [out, in].</summary>
internal static unsafe class Products
{
    /// <summary>y = x Wᵀ, from <paramref name="seed"/> (its rows, or one for all rows; y itself) on.</summary>
    public static void Forward(StepContext context, Tensor x, Tensor weight, Tensor y, Tensor? seed)
    {
        Product product = new(x.ByRows, weight.ByRows, (nint)y.Value, y.Columns, y.Rows, y.Columns, x.Columns, Accumulate: false, 0);
        if (seed is not null) product = product with { SeedAddress = (nint)seed.Value, SeedStride = seed.Rows == 1 && y.Rows > 1 ? 0 : seed.Columns };
        context.Workers.Multiply(product);
    }

    /// <summary>dx = (or +=) dy W.</summary>
    public static void Input(StepContext context, float* dy, int stride, int rows, Tensor weight, float* dx, bool adds) =>
        context.Workers.Multiply(new(Operand.RowMajor(dy, stride), weight.ByColumns, (nint)dx, weight.Columns, rows, weight.Columns, weight.Rows, adds, 0));

    /// <summary>dW = (or +=) dyᵀ x.</summary>
    public static void Weight(StepContext context, float* dy, int stride, int rows, float* x, Tensor weight, bool adds) =>
        context.Workers.Multiply(new(Operand.Transposed(dy, stride), Operand.Transposed(x, weight.Columns), (nint)weight.Gradient, weight.Columns, weight.Rows, weight.Columns, rows, adds, 0));
}
