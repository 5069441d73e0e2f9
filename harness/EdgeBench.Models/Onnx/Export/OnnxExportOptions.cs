using System.ComponentModel;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>How a model is written as ONNX. What its weights are is the GGUF file's business: an export changes no level and no scale.</summary>
public sealed record OnnxExportOptions
{
    [Description("Accuracy level of MatMulNBits: 0 leaves it to the runtime, 1 computes in float32, 4 rounds activations to int8 in groups (fastest).")]
    public int AccuracyLevel { get; init; } = 4;

    [Description("Whether weights lie in a file of their own: auto does so where the model would exceed 1.9 GB.")]
    public ExternalData ExternalData { get; init; } = ExternalData.Auto;

    [Description("Positions that the rotary tables hold; 0 takes the trained context, at most 32768.")]
    public int Context { get; init; }
}

/// <summary>When weights lie beside the model instead of in it.</summary>
public enum ExternalData
{
    Auto,
    Always,
}
