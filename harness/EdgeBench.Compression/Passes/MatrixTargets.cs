using EdgeBench.Models.Gguf;

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
    // Small matrices that llama.cpp too leaves in float32: the expert router.
    private const string Router = "ffn_gate_inp";

    /// <summary>Null for a tensor that keeps float32.</summary>
    public static MatrixPart? PartOf(string name, IReadOnlyList<long> dimensions)
    {
        bool isMatrix = dimensions.Count >= 2 && dimensions.Skip(1).Any(length => length > 1) && name.EndsWith(".weight", StringComparison.Ordinal);
        if (!isMatrix || name.Contains("norm", StringComparison.Ordinal) || name.Contains(Router, StringComparison.Ordinal)) return null;
        return name is "token_embd.weight" or "output.weight" ? MatrixPart.Embedding : MatrixPart.Inner;
    }

    public static MatrixPart? PartOf(GgufTensor tensor) => PartOf(tensor.Name, tensor.Dimensions);
}
