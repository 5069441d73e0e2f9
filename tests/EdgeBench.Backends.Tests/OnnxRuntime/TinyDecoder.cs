using System.Runtime.InteropServices;
using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Sources.Synthetic;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

/// <summary>Decoders of every architecture small enough for a test: random weights, and what makes each architecture different.</summary>
internal static class TinyDecoder
{
    public const int Vocabulary = 320, Heads = 4, KvHeads = 2, Window = 8;

    /// <summary>Variants: an architecture, or llama with something more.</summary>
    public static readonly string[] All = ["llama", "llama-freqs", "llama-linear", "llama-head8", "llama-biases", "qwen2", "qwen3", "phi3", "gemma", "gemma2", "gemma3"];

    /// <summary>Writes the file; <paramref name="type"/> is that of the matrices whose rows are whole blocks of it, the others are F16.</summary>
    public static string Write(string path, string variant, GgmlType type = GgmlType.F32, int seed = 7)
    {
        bool isWide = type.Info().BlockSize > 32;
        int width = isWide ? 256 : 64, ffn = isWide ? 256 : 96;
        string architecture = variant.Split('-')[0];
        int layers = architecture == "gemma3" ? 7 : 3, head = variant == "llama-head8" ? 8 : 16;
        Random random = new(seed);
        List<GgufTensorSource> tensors = [];
        Matrix("token_embd.weight", width, Vocabulary, 0.5f);
        Vector("output_norm.weight", width, 1);
        if (architecture is "phi3" or "qwen2") Matrix("output.weight", width, Vocabulary, 0.5f);
        if (variant == "llama-freqs") Vector("rope_freqs.weight", head / 2, 2);
        for (int layer = 0; layer < layers; layer++) Block($"blk.{layer}.");
        GgufWriter.Write(path, [.. Metadata(variant, architecture, layers, head, width, ffn, path)], tensors);
        return path;

        void Block(string block)
        {
            Vector($"{block}attn_norm.weight", width, 1);
            if (architecture == "phi3")
            {
                Matrix($"{block}attn_qkv.weight", width, (Heads + KvHeads + KvHeads) * head);
            }
            else
            {
                Matrix($"{block}attn_q.weight", width, Heads * head);
                Matrix($"{block}attn_k.weight", width, KvHeads * head);
                Matrix($"{block}attn_v.weight", width, KvHeads * head);
            }
            if (architecture == "qwen2")
            {
                Vector($"{block}attn_q.bias", Heads * head, 0);
                Vector($"{block}attn_k.bias", KvHeads * head, 0);
                Vector($"{block}attn_v.bias", KvHeads * head, 0);
            }
            if (architecture is "qwen3" or "gemma3")
            {
                Vector($"{block}attn_q_norm.weight", head, 1);
                Vector($"{block}attn_k_norm.weight", head, 1);
            }
            Matrix($"{block}attn_output.weight", Heads * head, width);
            if (architecture is "gemma2" or "gemma3")
            {
                Vector($"{block}post_attention_norm.weight", width, 1);
                Vector($"{block}post_ffw_norm.weight", width, 1);
            }
            if (variant == "llama-biases")
            {
                foreach ((string name, int rows) in new[] { ("attn_q", Heads * head), ("attn_k", KvHeads * head), ("attn_v", KvHeads * head), ("attn_output", width), ("ffn_gate", ffn), ("ffn_up", ffn), ("ffn_down", width) })
                    Vector($"{block}{name}.bias", rows, 0);
            }
            Vector($"{block}ffn_norm.weight", width, 1);
            if (architecture != "phi3") Matrix($"{block}ffn_gate.weight", width, ffn);
            Matrix($"{block}ffn_up.weight", width, architecture == "phi3" ? 2 * ffn : ffn);
            Matrix($"{block}ffn_down.weight", ffn, width);
        }

        void Matrix(string name, int columns, int rows, float spread = 0.3f) => Add(name, columns % type.Info().BlockSize == 0 ? type : GgmlType.F16, [columns, rows], 0, spread * (isWide ? 0.5f : 1));

        void Vector(string name, int length, float middle) => Add(name, GgmlType.F32, [length], middle, 0.2f);

        void Add(string name, GgmlType stored, long[] dimensions, float middle, float spread)
        {
            float[] values = new float[dimensions.Aggregate(1L, (product, next) => product * next)];
            for (int i = 0; i < values.Length; i++) values[i] = middle + (((2 * random.NextSingle()) - 1) * spread);
            byte[] bytes = new byte[stored.Bytes(values.Length)];
            TensorCodec.Encode(stored, values, bytes);
            tensors.Add(new(name, stored, dimensions, stream => stream.Write(bytes)));
        }
    }

    /// <summary>The file's matrices as float32, bit for bit what they mean.</summary>
    public static string Dequantised(string path)
    {
        string target = Path.ChangeExtension(path, ".f32.gguf");
        using GgufFile file = GgufFile.Open(path);
        GgufWriter.Write(target, file.Metadata, [.. file.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, GgmlType.F32, tensor.Dimensions, stream =>
        {
            float[] values = new float[tensor.Elements];
            file.Dequantise(tensor, 0, values);
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }))]);
        return target;
    }

    private static IEnumerable<KeyValuePair<string, GgufValue>> Metadata(string variant, string architecture, int layers, int head, int width, int ffn, string path)
    {
        List<KeyValuePair<string, GgufValue>> metadata =
        [
            new("general.architecture", GgufValue.From(architecture)),
            Number("block_count", layers), Number("context_length", 512), Number("embedding_length", width), Number("feed_forward_length", ffn),
            Number("attention.head_count", Heads), Number("attention.head_count_kv", KvHeads), Number("attention.key_length", head), Number("attention.value_length", head),
            Number("rope.dimension_count", head), Number("vocab_size", Vocabulary), Real("attention.layer_norm_rms_epsilon", 1e-5f), Real("rope.freq_base", 5000),
        ];
        if (architecture is "gemma2" or "gemma3") metadata.Add(Number("attention.sliding_window", Window));
        if (architecture == "gemma2") metadata.AddRange([Real("attn_logit_softcapping", 5), Real("final_logit_softcapping", 3)]);
        if (variant == "llama-linear") metadata.AddRange([new("llama.rope.scaling.type", GgufValue.From("linear")), Real("rope.scaling.factor", 4)]);
        return metadata.Concat(Tokens(path));

        KeyValuePair<string, GgufValue> Number(string key, int value) => new($"{architecture}.{key}", GgufValue.From((uint)value));

        KeyValuePair<string, GgufValue> Real(string key, float value) => new($"{architecture}.{key}", GgufValue.From(value));
    }

    // The placeholder vocabulary that random checkpoints carry.
    private static List<KeyValuePair<string, GgufValue>> Tokens(string path)
    {
        string random = $"{path}.random";
        TransformerShape shape = new() { Layers = 1, Width = 32, Heads = 2, KvHeads = 2, Ffn = 32, Vocabulary = Vocabulary, Context = 64 };
        new RandomCheckpoint(shape, 1).Write(random, 1);
        using GgufFile file = GgufFile.Open(random);
        return [.. file.Metadata.Where(entry => entry.Key.StartsWith("tokenizer.", StringComparison.Ordinal))];
    }
}
