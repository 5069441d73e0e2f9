using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Tests.Families;

/// <summary>A tiny model of one architecture: what its file says and which tensors it has.</summary>
/// <param name="Metadata">Keys below the architecture's name.</param>
/// <param name="Tensors">Beyond embedding and final norm; row length first.</param>
internal sealed record Family(string Architecture, int Layers, IReadOnlyDictionary<string, GgufValue> Metadata, Func<int, IEnumerable<(string Name, long[] Dimensions)>> Tensors)
{
    public const int Width = 64, Heads = 4, KvHeads = 2, Ffn = 96, Vocabulary = 288;

    public static IReadOnlyDictionary<string, Family> All { get; } = new Dictionary<string, Family>
    {
        ["llama"] = Of("llama", 2, 16, layer => [.. Attention(layer, 16), .. FeedForward(layer)]),
        ["llama with linear scaling, factors and an own head"] = Of("llama", 2, 16,
            layer => [.. Attention(layer, 16), .. FeedForward(layer), .. layer == 0 ? [("rope_freqs.weight", new long[] { 8 }), ("output.weight", [Width, Vocabulary])] : Empty],
            ("rope.scaling.type", GgufValue.From("linear")), ("rope.scaling.factor", GgufValue.From(2f))),
        ["llama with a bias on every linear layer"] = Of("llama", 2, 16, layer => [.. Attention(layer, 16), .. Biases(layer, 16), .. FurtherBiases(layer), .. FeedForward(layer)]),
        ["qwen2"] = Of("qwen2", 2, 16, layer => [.. Attention(layer, 16), .. Biases(layer, 16), .. FeedForward(layer)]),
        ["qwen3"] = Of("qwen3", 2, 32, layer => [.. Attention(layer, 32), .. HeadNorms(layer, 32), .. FeedForward(layer)]),
        ["gemma"] = Of("gemma", 2, 24, layer => [.. Attention(layer, 24), .. FeedForward(layer)]),
        ["gemma2"] = Of("gemma2", 4, 24, layer => [.. Attention(layer, 24), .. FeedForward(layer), .. PostNorms(layer)],
            ("attention.sliding_window", GgufValue.From(9u)), ("attn_logit_softcapping", GgufValue.From(5f)), ("final_logit_softcapping", GgufValue.From(3f))),
        ["gemma3"] = Of("gemma3", 7, 24, layer => [.. Attention(layer, 24), .. HeadNorms(layer, 24), .. FeedForward(layer), .. PostNorms(layer)],
            ("attention.sliding_window", GgufValue.From(9u)), ("rope.freq_base", GgufValue.From(1_000_000f)),
            ("rope.scaling.type", GgufValue.From("linear")), ("rope.scaling.factor", GgufValue.From(8f))),
        ["phi3"] = Of("phi3", 2, 16, Fused),
        ["phi3 within its original context"] = LongRope(4096),
        ["phi3 beyond its original context"] = LongRope(64),
    };

    private static (string, long[])[] Empty => [];

    private static Family Of(string architecture, int layers, int head, Func<int, IEnumerable<(string, long[])>> tensors, params (string Key, GgufValue Value)[] more)
    {
        Dictionary<string, GgufValue> metadata = new()
        {
            ["context_length"] = GgufValue.From(512u),
            ["embedding_length"] = GgufValue.From((uint)Width),
            ["block_count"] = GgufValue.From((uint)layers),
            ["feed_forward_length"] = GgufValue.From((uint)Ffn),
            ["attention.head_count"] = GgufValue.From((uint)Heads),
            ["attention.head_count_kv"] = GgufValue.From((uint)KvHeads),
            ["attention.key_length"] = GgufValue.From((uint)head),
            ["attention.value_length"] = GgufValue.From((uint)head),
            ["attention.layer_norm_rms_epsilon"] = GgufValue.From(1e-5f),
            ["rope.dimension_count"] = GgufValue.From((uint)head),
            ["vocab_size"] = GgufValue.From((uint)Vocabulary),
        };
        foreach ((string key, GgufValue value) in more) metadata[key] = value;
        return new(architecture, layers, metadata, tensors);
    }

    private static Family LongRope(uint original) => Of("phi3", 2, 16,
        layer => [.. Fused(layer), .. layer == 0 ? [("rope_factors_long.weight", new long[] { 8 }), ("rope_factors_short.weight", [8])] : Empty],
        ("rope.scaling.type", GgufValue.From("longrope")), ("rope.scaling.original_context_length", GgufValue.From(original)), ("rope.scaling.attn_factor", GgufValue.From(1.19f)));

    private static (string, long[])[] Attention(int i, long head) =>
    [
        ($"blk.{i}.attn_norm.weight", [Width]), ($"blk.{i}.attn_q.weight", [Width, Heads * head]), ($"blk.{i}.attn_k.weight", [Width, KvHeads * head]),
        ($"blk.{i}.attn_v.weight", [Width, KvHeads * head]), ($"blk.{i}.attn_output.weight", [Heads * head, Width]),
    ];

    private static (string, long[])[] Biases(int i, long head) =>
        [($"blk.{i}.attn_q.bias", [Heads * head]), ($"blk.{i}.attn_k.bias", [KvHeads * head]), ($"blk.{i}.attn_v.bias", [KvHeads * head])];

    private static (string, long[])[] FurtherBiases(int i) =>
        [($"blk.{i}.attn_output.bias", [Width]), ($"blk.{i}.ffn_gate.bias", [Ffn]), ($"blk.{i}.ffn_up.bias", [Ffn]), ($"blk.{i}.ffn_down.bias", [Width])];

    private static (string, long[])[] HeadNorms(int i, long head) => [($"blk.{i}.attn_q_norm.weight", [head]), ($"blk.{i}.attn_k_norm.weight", [head])];

    private static (string, long[])[] FeedForward(int i) =>
        [($"blk.{i}.ffn_norm.weight", [Width]), ($"blk.{i}.ffn_gate.weight", [Width, Ffn]), ($"blk.{i}.ffn_up.weight", [Width, Ffn]), ($"blk.{i}.ffn_down.weight", [Ffn, Width])];

    private static (string, long[])[] PostNorms(int i) => [($"blk.{i}.post_attention_norm.weight", [Width]), ($"blk.{i}.post_ffw_norm.weight", [Width])];

    private static IEnumerable<(string, long[])> Fused(int i) =>
    [
        ($"blk.{i}.attn_norm.weight", [Width]), ($"blk.{i}.attn_qkv.weight", [Width, (Heads + (2 * KvHeads)) * 16]), ($"blk.{i}.attn_output.weight", [Width, Width]),
        ($"blk.{i}.ffn_norm.weight", [Width]), ($"blk.{i}.ffn_up.weight", [Width, 2 * Ffn]), ($"blk.{i}.ffn_down.weight", [Ffn, Width]),
    ];
}
