using EdgeBench.Core.Configuration;

namespace EdgeBench.Models.Gguf;

/// <summary>A transformer's dimensions from a file's metadata and tensors. Keys: ggml's <c>docs/gguf.md</c>, "LLM".</summary>
internal static class GgufShape
{
    public static TransformerShape? Of(GgufOutline file)
    {
        if (file.Architecture.Length == 0) return null;
        int? layers = Positive(file, "block_count"), width = Positive(file, "embedding_length");
        int? heads = Positive(file, "attention.head_count"), ffn = Positive(file, "feed_forward_length");
        int? vocabulary = Vocabulary(file);
        if (layers is null || width is null || heads is null || ffn is null || vocabulary is null) return null;
        return new TransformerShape
        {
            Architecture = file.Architecture,
            Layers = layers.Value,
            Width = width.Value,
            Heads = heads.Value,
            KvHeads = Positive(file, "attention.head_count_kv") ?? heads.Value,
            HeadDim = Positive(file, "attention.key_length") ?? 0,
            Ffn = ffn.Value,
            Vocabulary = vocabulary.Value,
            Context = Positive(file, "context_length") ?? 2048,
            RopeBase = Value(file, "rope.freq_base")?.AsNumber() ?? 10_000,
            NormEpsilon = Value(file, "attention.layer_norm_rms_epsilon")?.AsNumber() ?? 1e-5,
            TiedEmbeddings = file.Find("output.weight") is null,
            AttentionBias = file.Find("blk.0.attn_q.bias") is not null || file.Find("blk.0.attn_qkv.bias") is not null,
        };
    }

    private static int? Vocabulary(GgufOutline file) =>
        file.Find("token_embd.weight") is { Dimensions: [_, var rows] } && rows <= int.MaxValue
            ? (int)rows
            : Positive(file, "vocab_size");

    private static int? Positive(GgufOutline file, string key) => Value(file, key)?.AsInteger() is { } value and > 0 and <= int.MaxValue ? (int)value : null;

    private static GgufValue? Value(GgufOutline file, string key) => file.Metadata.GetValueOrDefault($"{file.Architecture}.{key}");
}
