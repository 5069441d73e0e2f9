using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Tests;

/// <summary>A BERT-shaped encoder: 2 layers, width 64, 4 heads, feed-forward 96, 40 tokens.</summary>
internal static class TinyEncoder
{
    public static string Write(string path)
    {
        Dictionary<string, GgufValue> metadata = new()
        {
            ["general.architecture"] = GgufValue.From("bert"),
            ["bert.block_count"] = GgufValue.From(2u),
            ["bert.context_length"] = GgufValue.From(16u),
            ["bert.embedding_length"] = GgufValue.From(64u),
            ["bert.feed_forward_length"] = GgufValue.From(96u),
            ["bert.attention.head_count"] = GgufValue.From(4u),
            ["bert.attention.layer_norm_epsilon"] = GgufValue.From(1e-12f),
        };
        (string Name, long[] Dimensions)[] tensors =
        [
            ("token_embd.weight", [64, 40]), ("position_embd.weight", [64, 16]), ("token_types.weight", [64, 2]),
            ("token_embd_norm.weight", [64]), ("token_embd_norm.bias", [64]),
            .. Enumerable.Range(0, 2).SelectMany<int, (string, long[])>(i =>
            [
                .. new[] { "attn_q", "attn_k", "attn_v", "attn_output" }.SelectMany<string, (string, long[])>(part => [($"blk.{i}.{part}.weight", [64, 64]), ($"blk.{i}.{part}.bias", [64])]),
                ($"blk.{i}.attn_output_norm.weight", [64]), ($"blk.{i}.attn_output_norm.bias", [64]),
                ($"blk.{i}.ffn_up.weight", [64, 96]), ($"blk.{i}.ffn_up.bias", [96]), ($"blk.{i}.ffn_down.weight", [96, 64]), ($"blk.{i}.ffn_down.bias", [64]),
                ($"blk.{i}.layer_output_norm.weight", [64]), ($"blk.{i}.layer_output_norm.bias", [64]),
            ]),
        ];
        GgufWriter.Write(path, metadata, [.. tensors.Select((tensor, seed) => TinyDecoder.Source(tensor.Name, tensor.Dimensions, seed))]);
        return path;
    }
}
