namespace EdgeBench.Models.Onnx.Export;

/// <summary>What an export wrote.</summary>
/// <param name="Files">In the folder, the model first.</param>
/// <param name="WeightBytes">Of all tensors that the model carries, rotary tables and shapes included.</param>
/// <param name="Parameters">Elements of the GGUF file's tensors that went into it.</param>
/// <param name="Context">Positions that the rotary tables hold.</param>
public sealed record OnnxExportReport(
    IReadOnlyList<OnnxExportFile> Files, long WeightBytes, long Parameters, int Context, IReadOnlyList<OnnxTensorReport> Tensors)
{
    /// <summary>Largest difference between a weight in the GGUF file and in the model; 0 where all are equal.</summary>
    public double MaxDeviation => Tensors.Select(tensor => tensor.MaxDeviation).DefaultIfEmpty(0).Max();
}

/// <param name="Name">Without a folder.</param>
public sealed record OnnxExportFile(string Name, long Bytes);

/// <summary>What became of one tensor.</summary>
/// <param name="From">GGUF's type.</param>
/// <param name="To">Such as <c>MatMulNBits, 4 bits in groups of 32</c>.</param>
/// <param name="Bytes">In the model; 0 where it shares another's.</param>
/// <param name="MaxDeviation">Largest difference of a weight; 0 where exact.</param>
public sealed record OnnxTensorReport(string Name, string From, string To, long Bytes, double MaxDeviation);
