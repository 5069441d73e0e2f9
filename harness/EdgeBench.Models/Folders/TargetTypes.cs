using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders;

/// <summary>Type of float weights to write.</summary>
public enum WeightType
{
    /// <summary>Each matrix as it is stored.</summary>
    Stored,
    F32,
    F16,
    BF16,
}

/// <summary>Which type a GGUF tensor gets. Source: llama.cpp, <c>conversion/base.py</c>, <c>prepare_tensors</c>.</summary>
internal static class TargetTypes
{
    /// <summary>Vectors, norms, biases and learned positions are F32 always; matrices are what was asked for.</summary>
    public static GgmlType Of(string ggufName, int dimensions, GgmlType stored, WeightType asked) =>
        dimensions <= 1 || ggufName.EndsWith("_norm.weight", StringComparison.Ordinal) || !ggufName.EndsWith(".weight", StringComparison.Ordinal)
            || ggufName is "position_embd.weight" or "token_types.weight"
            ? GgmlType.F32
            : asked switch
            {
                WeightType.F32 => GgmlType.F32,
                WeightType.F16 => GgmlType.F16,
                WeightType.BF16 => GgmlType.BF16,
                _ => stored == GgmlType.F64 ? GgmlType.F32 : stored,
            };

    /// <summary><c>general.file_type</c> of a file whose matrices mostly have a type (llama.cpp, <c>enum llama_ftype</c>).</summary>
    public static uint FileType(GgmlType type) => type switch { GgmlType.F32 => 0, GgmlType.BF16 => 32, _ => 1 };
}
