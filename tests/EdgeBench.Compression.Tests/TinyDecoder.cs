using System.Runtime.InteropServices;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Tests;

/// <summary>
/// A whole decoder that runs: 2 layers, width 64, 4 heads of 16 with 2 key/value heads, feed-forward 96, 40 tokens of a SentencePiece vocabulary whose
/// letters spell any text of a, b, c and space.
/// </summary>
internal static class TinyDecoder
{
    public const int Width = 64;
    public const int Ffn = 96;
    public const int KvWidth = 32;
    public const int Vocabulary = 40;

    public static string Write(string path, string architecture = "llama", bool bias = false, int ffn = Ffn)
    {
        string[] tokens = [.. Enumerable.Range(0, Vocabulary).Select(i => i switch { 0 => "<unk>", 1 => "<s>", 2 => "</s>", 3 => "▁", 4 => "a", 5 => "b", 6 => "c", _ => $"x{i}" })];
        Dictionary<string, GgufValue> metadata = new()
        {
            ["general.architecture"] = GgufValue.From(architecture),
            [$"{architecture}.block_count"] = GgufValue.From(2u),
            [$"{architecture}.context_length"] = GgufValue.From(64u),
            [$"{architecture}.embedding_length"] = GgufValue.From((uint)Width),
            [$"{architecture}.feed_forward_length"] = GgufValue.From((uint)ffn),
            [$"{architecture}.attention.head_count"] = GgufValue.From(4u),
            [$"{architecture}.attention.head_count_kv"] = GgufValue.From(2u),
            [$"{architecture}.attention.layer_norm_rms_epsilon"] = GgufValue.From(1e-5f),
            [$"{architecture}.rope.dimension_count"] = GgufValue.From(16u),
            ["tokenizer.ggml.model"] = GgufValue.From("llama"),
            ["tokenizer.ggml.tokens"] = GgufValue.From(new GgufArray(GgufValueType.String, tokens)),
            ["tokenizer.ggml.scores"] = GgufValue.From(new GgufArray(GgufValueType.Float32, tokens.Select((_, i) => -(float)i).ToArray())),
            ["tokenizer.ggml.token_type"] = GgufValue.From(new GgufArray(GgufValueType.Int32, tokens.Select((_, i) => i == 0 ? 2 : i < 3 ? 3 : 1).ToArray())),
            ["tokenizer.ggml.bos_token_id"] = GgufValue.From(1u),
            ["tokenizer.ggml.eos_token_id"] = GgufValue.From(2u),
            ["tokenizer.ggml.unknown_token_id"] = GgufValue.From(0u),
        };
        (string, long[])[] tensors =
        [
            ("token_embd.weight", [Width, Vocabulary]),
            .. Enumerable.Range(0, 2).SelectMany<int, (string, long[])>(i =>
            [
                ($"blk.{i}.attn_norm.weight", [Width]),
                ($"blk.{i}.attn_q.weight", [Width, Width]),
                ($"blk.{i}.attn_k.weight", [Width, KvWidth]),
                ($"blk.{i}.attn_v.weight", [Width, KvWidth]),
                .. Biases(i, bias),
                ($"blk.{i}.attn_output.weight", [Width, Width]),
                ($"blk.{i}.ffn_norm.weight", [Width]),
                ($"blk.{i}.ffn_gate.weight", [Width, ffn]),
                ($"blk.{i}.ffn_up.weight", [Width, ffn]),
                ($"blk.{i}.ffn_down.weight", [ffn, Width]),
            ]),
            ("output_norm.weight", [Width]),
        ];
        GgufWriter.Write(path, metadata, [.. tensors.Select((tensor, seed) => Source(tensor.Item1, tensor.Item2, seed))]);
        return path;
    }

    /// <summary>A text of the vocabulary's letters, and a pass's surroundings that know it as <c>text</c>.</summary>
    public static PassContext Context(string path)
    {
        Random random = new(5);
        File.WriteAllText(path, string.Concat(Enumerable.Range(0, 3000).Select(_ => "abc "[random.Next(4)])));
        return new PassContext
        {
            Data = new Dictionary<string, DataFile> { ["text"] = new(path, Core.IO.ContentHash.OfFile(path)) },
            Cancellation = TestContext.Current.CancellationToken,
        };
    }

    private static (string, long[])[] Biases(int layer, bool present) => present
        ? [($"blk.{layer}.attn_q.bias", [Width]), ($"blk.{layer}.attn_k.bias", [KvWidth]), ($"blk.{layer}.attn_v.bias", [KvWidth])]
        : [];

    public static GgufTensorSource Source(string name, long[] dimensions, int seed)
    {
        float scale = name.Contains("norm", StringComparison.Ordinal) ? 0.4f : name.EndsWith("bias", StringComparison.Ordinal) ? 0.2f : 1 / MathF.Sqrt(dimensions[0]);
        float[] values = Grids.Sampled.Normal((int)dimensions.Aggregate(1L, (a, b) => a * b), seed, scale);
        // Gains of very different size: what column scales are for.
        if (name.Contains("norm", StringComparison.Ordinal)) values = [.. values.Select(value => MathF.Exp(1.5f * value))];
        return new GgufTensorSource(name, GgmlType.F32, dimensions, output => output.Write(MemoryMarshal.AsBytes<float>(values)));
    }
}
