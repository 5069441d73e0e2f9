using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using EdgeBench.Backends.Adapters;
using EdgeBench.Core.IO;
using EdgeBench.Engine.Inference.Generation;
using EdgeBench.Kernels.Transformer;

namespace EdgeBench.Backends.Managed;

/// <summary>Options of the <c>managed</c> backend.</summary>
public sealed record ManagedOptions
{
    [Description("Context length in tokens; 0 takes what the workload needs.")]
    public int Context { get; init; }

    [Description("Most tokens computed at once.")]
    public int Ubatch { get; init; } = 512;

    [Description("Storage type of the key/value cache; null takes what the file asks for (pass kv_cache), else f16.")]
    public KvFormat? KvType { get; init; }

    [Description("Storage type of the value cache where it differs from kv_type; null takes kv_type, or what the file asks for.")]
    public KvFormat? KvTypeV { get; init; }

    [Description("CPU threads for batches of more than one token; 0 takes the workload's threads.")]
    public int ThreadsBatch { get; init; }

    [Description("Bind each thread to a processor of its own.")]
    public bool PinThreads { get; init; }

    [Description("Kernel set of matrix products, such as avx2; null takes the fastest that runs (or $EDGEBENCH_KERNELS).")]
    public string? Kernels { get; init; }

    [Description("LoRA adapters, applied while the model runs and not merged; several add up.")]
    public IReadOnlyList<LoraOption>? Lora { get; init; }

    [Description("GGUF file of an adapter of any kind (lora, prompt, prefix, bottleneck), applied while the model runs; its file says which.")]
    public string? Adapter { get; init; }

    [Description("GGUF file of a smaller model with the same vocabulary that guesses tokens, which the artifact checks several at a time; the text stays the artifact's own greedy one. For scenarios in which the model writes text (generation).")]
    public string? Draft { get; init; }

    [Description("Tokens that the draft guesses at a time."), Range(1, SpeculativeDecoder.MostDrafted)]
    public int DraftTokens { get; init; } = 4;

    internal static ManagedOptions Of(JsonElement options) =>
        options.ValueKind == JsonValueKind.Undefined ? new() : options.Deserialize<ManagedOptions>(EdgeBenchJson.Options) ?? new();
}
