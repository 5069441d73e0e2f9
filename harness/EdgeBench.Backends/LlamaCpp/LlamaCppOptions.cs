using System.ComponentModel;
using System.Text.Json;
using EdgeBench.Backends.Adapters;
using EdgeBench.Core.IO;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>Options of the <c>llamacpp</c> backend; the defaults are llama-bench's.</summary>
public sealed record LlamaCppOptions
{
    [Description("Folder that holds libllama and libggml; null takes the installed one.")]
    public string? Path { get; init; }

    [Description("Context length in tokens; 0 takes what the workload needs.")]
    public int Context { get; init; }

    [Description("Most tokens handed over in one call (n_batch).")]
    public int Batch { get; init; } = 2048;

    [Description("Most tokens computed at once (n_ubatch).")]
    public int Ubatch { get; init; } = 512;

    [Description("Storage type of the key/value cache; null takes what the file asks for (pass kv_cache), else f16.")]
    public KvType? KvType { get; init; }

    [Description("Storage type of the value cache where it differs from kv_type; null takes kv_type, or what the file asks for.")]
    public KvType? KvTypeV { get; init; }

    [Description("Fused attention: auto lets the library decide.")]
    public FlashAttention FlashAttention { get; init; } = FlashAttention.Auto;

    [Description("Map the weights from the file instead of reading them.")]
    public bool Mmap { get; init; } = true;

    [Description("CPU threads for batches of more than one token; 0 takes the workload's threads.")]
    public int ThreadsBatch { get; init; }

    [Description("LoRA adapters, applied while the model runs and not merged; several add up.")]
    public IReadOnlyList<LoraOption>? Lora { get; init; }

    [Description("GGUF file of an adapter; llama.cpp runs LoRA alone.")]
    public string? Adapter { get; init; }

    internal static LlamaCppOptions Of(JsonElement options) =>
        options.ValueKind == JsonValueKind.Undefined ? new() : options.Deserialize<LlamaCppOptions>(EdgeBenchJson.Options) ?? new();
}

/// <summary>Storage types that llama.cpp offers for the key/value cache; the values are <c>enum ggml_type</c>.</summary>
public enum KvType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Bf16 = 30,
}

/// <summary>Whether attention is fused; the values are <c>enum llama_flash_attn_type</c>.</summary>
public enum FlashAttention
{
    Auto = -1,
    Off = 0,
    On = 1,
}
