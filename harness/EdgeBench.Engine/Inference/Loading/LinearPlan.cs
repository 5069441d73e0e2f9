using EdgeBench.Kernels.Packed;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Loading;

/// <summary>Which rows of which tensor become a matrix, and how.</summary>
/// <param name="Name">GGUF's name without <c>.weight</c>, with <c>[part]</c> where the file holds several matrices in one.</param>
/// <param name="FirstRow">Of the tensor.</param>
/// <param name="Bias">Values in the packed order, or null.</param>
internal sealed record LinearPlan(string Name, GgufTensor Tensor, int FirstRow, int Rows, HeadOrder Order, float[]? Bias)
{
    public int Columns => checked((int)Tensor.RowLength);

    /// <summary>Bytes of a row in the file.</summary>
    public long RowBytes => Tensor.Type.Bytes(Tensor.RowLength);

    /// <summary>Format in memory: the file's, or F16 for blocks that are only dequantised.</summary>
    public string Format => PackedMatrix.IsSupported(Tensor.Type.Info().Name, Columns) ? Tensor.Type.Info().Name : "F16";

    /// <summary>Whether the format is the file's.</summary>
    public bool IsStored => Format == Tensor.Type.Info().Name;

    public long Bytes => PackedMatrix.BytesOf(Format, Rows, Columns);
}
