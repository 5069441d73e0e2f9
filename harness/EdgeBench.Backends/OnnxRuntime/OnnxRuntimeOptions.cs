using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Core.IO;

namespace EdgeBench.Backends.OnnxRuntime;

/// <summary>Options of the <c>onnxruntime</c> backend; the defaults are ONNX Runtime's.</summary>
public sealed record OnnxRuntimeOptions
{
    [Description("Folder that holds libonnxruntime of a build of your own; null takes the one that comes with EdgeBench (CPU).")]
    public string? Path { get; init; }

    [Description("Execution provider: cpu, cuda, tensorrt, openvino, vitisai, qnn, xnnpack, acl …, where the library has it.")]
    public string Provider { get; init; } = "cpu";

    [Description("Options of the execution provider: key=value, separated by semicolons.")]
    public string? ProviderOptions { get; init; }

    [Description("Library of a plug-in execution provider, loaded before the model.")]
    public string? ProviderLibrary { get; init; }

    [Description("Context length in tokens; 0 takes what the workload needs."), Range(0, 1 << 24)]
    public int Context { get; init; }

    [Description("Most tokens computed in one call; attention costs the square of it, so that longer calls are slower."), Range(1, 1 << 16)]
    public int Batch { get; init; } = 192;

    [Description("Threads between operators; more than 1 runs independent operators at the same time."), Range(1, 512)]
    public int InterOp { get; init; } = 1;

    [Description("Keep freed memory in an arena instead of giving it back.")]
    public bool Arena { get; init; } = true;

    [Description("How far the graph is rewritten while it loads.")]
    public GraphOptimization GraphOptimization { get; init; } = GraphOptimization.All;

    [Description("Let waiting threads spin between operators.")]
    public bool Spinning { get; init; } = true;

    [Description("Tokenizer of a model that somebody else exported: tokenizer.json, its folder, or a GGUF file; null looks beside the model.")]
    public string? Tokenizer { get; init; }

    [Description("Names of inputs and outputs of a model that somebody else exported, where they are not the usual ones.")]
    public OnnxNames? Names { get; init; }

    internal static OnnxRuntimeOptions Of(JsonElement options) =>
        options.ValueKind == JsonValueKind.Undefined ? new() : options.Deserialize<OnnxRuntimeOptions>(EdgeBenchJson.Options) ?? new();
}

/// <summary>How far ONNX Runtime rewrites a graph.</summary>
public enum GraphOptimization
{
    None,
    Basic,
    Extended,
    All,
}

/// <summary>Names of a decoder's inputs and outputs; those of the cache hold <c>%d</c> for the layer. Null is the usual name.</summary>
public sealed record OnnxNames
{
    [Description("Token ids; usually input_ids.")]
    public string? Tokens { get; init; }

    [Description("Ones for every token so far; usually attention_mask.")]
    public string? Mask { get; init; }

    [Description("Positions of the tokens; usually position_ids.")]
    public string? Positions { get; init; }

    [Description("Usually logits.")]
    public string? Logits { get; init; }

    [Description("Usually past_key_values.%d.key.")]
    public string? PastKey { get; init; }

    [Description("Usually past_key_values.%d.value.")]
    public string? PastValue { get; init; }

    [Description("Usually present.%d.key.")]
    public string? PresentKey { get; init; }

    [Description("Usually present.%d.value.")]
    public string? PresentValue { get; init; }
}
