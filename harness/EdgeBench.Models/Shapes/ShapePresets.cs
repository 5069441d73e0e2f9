using System.Collections.Frozen;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;

namespace EdgeBench.Models.Shapes;

/// <summary>Shapes of published models by name; sources are the <c>config.json</c> of the repositories named beside them.</summary>
public static class ShapePresets
{
    private static readonly FrozenDictionary<string, TransformerShape> s_presets = new Dictionary<string, TransformerShape>
    {
        // karpathy/tinyllamas stories15M
        ["llama-15m"] = new() { Layers = 6, Width = 288, Heads = 6, KvHeads = 6, Ffn = 768, Vocabulary = 32000, Context = 256, TiedEmbeddings = true },
        // HuggingFaceTB/SmolLM2-135M
        ["smollm2-135m"] = new() { Layers = 30, Width = 576, Heads = 9, KvHeads = 3, Ffn = 1536, Vocabulary = 49152, Context = 8192, RopeBase = 100_000, TiedEmbeddings = true },
        // HuggingFaceTB/SmolLM2-360M
        ["smollm2-360m"] = new() { Layers = 32, Width = 960, Heads = 15, KvHeads = 5, Ffn = 2560, Vocabulary = 49152, Context = 8192, RopeBase = 100_000, TiedEmbeddings = true },
        // Qwen/Qwen2.5-0.5B
        ["qwen2.5-0.5b"] = new()
        {
            Architecture = "qwen2",
            Layers = 24,
            Width = 896,
            Heads = 14,
            KvHeads = 2,
            Ffn = 4864,
            Vocabulary = 151936,
            Context = 32768,
            RopeBase = 1_000_000,
            NormEpsilon = 1e-6,
            TiedEmbeddings = true,
            AttentionBias = true,
        },
        // TinyLlama/TinyLlama-1.1B-Chat-v1.0
        ["tinyllama-1.1b"] = new() { Layers = 22, Width = 2048, Heads = 32, KvHeads = 4, Ffn = 5632, Vocabulary = 32000, Context = 2048 },
        // meta-llama/Llama-3.2-1B; its frequency scaling of RoPE (32 factors, no weights) is left out
        ["llama-3.2-1b"] = new() { Layers = 16, Width = 2048, Heads = 32, KvHeads = 8, Ffn = 8192, Vocabulary = 128256, Context = 131072, RopeBase = 500_000, TiedEmbeddings = true },
        // microsoft/Phi-3-mini-4k-instruct; its sliding window, which llama.cpp does not apply, is left out
        ["phi-3-mini"] = new() { Architecture = "phi3", Layers = 32, Width = 3072, Heads = 32, KvHeads = 32, Ffn = 8192, Vocabulary = 32064, Context = 4096 },
        // mistralai/Mistral-7B-v0.1; its sliding window, which llama.cpp does not apply, is left out
        ["mistral-7b"] = new() { Layers = 32, Width = 4096, Heads = 32, KvHeads = 8, Ffn = 14336, Vocabulary = 32000, Context = 32768 },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => s_presets.Keys.Order(StringComparer.Ordinal);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) that lists the names and suggests the nearest.</summary>
    public static TransformerShape Find(string name) =>
        s_presets.GetValueOrDefault(name) ?? throw EdgeBenchException.BadInput($"preset '{name}'", $"one of {string.Join(", ", Names)}",
            Nearest.Question(name, Names) ?? "Use one of these, or write 'random:' and the dimensions below 'shape:'.");
}
