using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.SmoothQuant;

/// <summary>
/// How GGUF holds int8 matrices, which it has no block type for: <c>X.weight</c> of type I8 [in, out] are the levels, <c>X.weight_scale</c> F32 [out]
/// one scale a row, and, for static activations, <c>X.input_scale</c> F32 [1] the scale of what the matrix reads; metadata say which kind of
/// activations was meant. llama.cpp cannot run such a file; the ONNX exporter can.
/// </summary>
public static class Int8Tensors
{
    /// <summary><c>none</c>, <c>static</c> or <c>dynamic</c>.</summary>
    public const string ActivationsKey = "edgebench.int8.activations";

    /// <summary><c>blk.0.attn_q.weight_scale</c> for <c>blk.0.attn_q.weight</c>.</summary>
    public static string WeightScale(string matrix) => $"{matrix}_scale";

    /// <summary><c>blk.0.attn_q.input_scale</c> for <c>blk.0.attn_q.weight</c>.</summary>
    public static string InputScale(string matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return $"{matrix[..^".weight".Length]}.input_scale";
    }

    /// <summary>Whether a file holds such matrices.</summary>
    public static bool AreIn(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Metadata.ContainsKey(ActivationsKey);
    }

    internal static PassReadback ReadBack(PassReadback types, GgufFile output, PtqActivations activations)
    {
        GgufTensor[] matrices = [.. output.Tensors.Where(tensor => tensor.Type == GgmlType.I8 && MatrixTargets.PartOf(tensor) is MatrixPart.Inner)];
        int scaled = matrices.Count(matrix => output.Find(WeightScale(matrix.Name))?.Elements == matrix.Rows
            && (activations != PtqActivations.Static || output.Find(InputScale(matrix.Name))?.Elements == 1));
        string found = output.Metadata.GetValueOrDefault(ActivationsKey)?.AsText() ?? "missing";
        bool whole = scaled == matrices.Length && found == activations.ToString().ToLowerInvariant();
        return types with
        {
            Found = $"{types.Found}; scales for {scaled} of {matrices.Length} int8 matrices; activations {found}",
            Applied = whole ? types.Applied : Applied.NotApplied,
        };
    }
}
