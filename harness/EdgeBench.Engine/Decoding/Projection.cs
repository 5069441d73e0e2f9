using System.Numerics.Tensors;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Decoding;

/// <summary>Matrices that read the same rows; their outputs stand side by side in one row.</summary>
internal sealed class Projection(params (BlockMatrix Matrix, float[]? Bias)[] parts)
{
    public IEnumerable<BlockMatrix> Matrices => parts.Select(part => part.Matrix);

    public int Inputs { get; } = parts[0].Matrix.Columns;

    public int Outputs { get; } = parts.Sum(part => part.Matrix.Rows);

    /// <summary><paramref name="output"/> [rows, Outputs] = <paramref name="input"/> [rows, Inputs] · Wᵀ + bias.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> output, int rows, int threads)
    {
        int offset = 0;
        foreach ((BlockMatrix matrix, float[]? bias) in parts)
        {
            Gemm.MultiplyTransposed(input, matrix.Values, output[offset..], rows, matrix.Rows, matrix.Columns, threads, stride: Outputs);
            if (bias is not null)
            {
                for (int row = 0; row < rows; row++)
                {
                    Span<float> values = output.Slice((row * Outputs) + offset, matrix.Rows);
                    TensorPrimitives.Add(values, bias, values);
                }
            }
            offset += matrix.Rows;
        }
    }
}
