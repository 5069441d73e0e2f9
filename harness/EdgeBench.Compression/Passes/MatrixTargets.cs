using EdgeBench.Models.Gguf;
using EdgeBench.Models.Shapes;

namespace EdgeBench.Compression.Passes;

/// <summary>Which part of a transformer a matrix is, as far as passes treat it differently.</summary>
public enum MatrixPart
{
    /// <summary>Attention and feed-forward projections.</summary>
    Inner,

    /// <summary>The token embedding or the output head.</summary>
    Embedding,
}

/// <summary>Which tensors a pass is about: every weight matrix, never norms, biases and other vectors.</summary>
public static class MatrixTargets
{
    // A small matrix that llama.cpp too leaves in float32: the expert router.
    private const string Router = "ffn_gate_inp";

    /// <summary>Null for a tensor that keeps float32.</summary>
    public static MatrixPart? PartOf(string name, IReadOnlyList<long> dimensions)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dimensions);
        bool isMatrix = dimensions.Skip(1).Any(length => length > 1) && name.EndsWith(".weight", StringComparison.Ordinal);
        if (!isMatrix || name.Contains(Router, StringComparison.Ordinal)) return null;
        return TensorRole.Of(name) switch
        {
            TensorRole.Embedding or TensorRole.Output => MatrixPart.Embedding,
            TensorRole.Norm or TensorRole.Bias or TensorRole.RopeFactors => null,
            _ => MatrixPart.Inner,
        };
    }

    public static MatrixPart? PartOf(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return PartOf(tensor.Name, tensor.Dimensions);
    }
}
