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
    // Small matrices that llama.cpp too leaves in float32: the expert router, learned positions and token types.
    private static readonly string[] s_small = ["ffn_gate_inp", "position_embd.", "token_types."];

    /// <summary>Null for a tensor that keeps float32.</summary>
    public static MatrixPart? PartOf(string name, IReadOnlyList<long> dimensions)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(dimensions);
        bool isMatrix = dimensions.Skip(1).Any(length => length > 1) && name.EndsWith(".weight", StringComparison.Ordinal);
        if (!isMatrix || Array.Exists(s_small, small => name.Contains(small, StringComparison.Ordinal))) return null;
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
