using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Architectures;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Golden;

/// <summary>The decoder against PyTorch (golden/README.md, "Decoder").</summary>
public class LlamaTinyTests
{
    private static readonly ModelArchitecture s_architecture = new()
    {
        Name = "llama",
        Layers = 2,
        Width = 32,
        Heads = 4,
        KvHeads = 2,
        HeadDim = 8,
        Ffn = 64,
        Vocabulary = 64,
        Context = 16,
        NormEpsilon = 1e-5,
        TiedEmbeddings = true,
        FeedForward = FeedForwardKind.SwiGlu,
        Rope = RopeLayout.Halves,
        RopeDimensions = 8,
        AttentionScale = 1 / Math.Sqrt(8),
    };

    private static readonly (string Gguf, string Torch)[] s_names =
    [
        ("attn_norm", "input_layernorm"), ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"),
        ("attn_output", "self_attn.o_proj"), ("ffn_norm", "post_attention_layernorm"), ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Residual_streams_and_logits_are_PyTorchs(int threads)
    {
        GoldenFile file = new(RepositoryFiles.Shared("golden/llama-tiny.safetensors"));
        Decoder decoder = new(Weights(file), threads);
        float[] hidden = new float[2 * 16 * 32], logits = new float[2 * 16 * 64];
        decoder.Embed(file.Integers("input.tokens"), hidden);
        for (int layer = 0; layer < 2; layer++)
        {
            decoder.Block(layer).Forward(hidden, sequences: 2, length: 16);
            Near.Relative(file.Floats($"act.model.layers.{layer}"), hidden, 1e-4);
        }
        decoder.Head(hidden, (row, values) => values.CopyTo(logits.AsSpan(row * 64)));
        Near.Relative(file.Floats("out.logits"), logits, 1e-4);
    }

    [Fact]
    public void A_sequence_in_pieces_through_the_cache_gives_the_same_logits()
    {
        GoldenFile file = new(RepositoryFiles.Shared("golden/llama-tiny.safetensors"));
        using Sessions.EngineSession session = new(Weights(file), new(1, 16, 16), (_, _) => [], bos: null);
        int[] tokens = file.Integers("input.tokens")[..16];
        float[] logits = new float[16 * 64], expected = file.Floats("out.logits")[..(16 * 64)];
        session.Evaluate(tokens.AsSpan(0, 7), 0, (row, values) => values.CopyTo(logits.AsSpan(row * 64)));
        session.Evaluate(tokens.AsSpan(7, 6), 0, (row, values) => values.CopyTo(logits.AsSpan((7 + row) * 64)));
        for (int i = 13; i < 16; i++)
        {
            session.Decode(tokens[i]);
            session.Logits.CopyTo(logits.AsSpan(i * 64));
        }
        Near.Relative(expected, logits, 1e-4);
    }

    private static MemoryWeights Weights(GoldenFile file)
    {
        Dictionary<string, float[]> tensors = new()
        {
            ["token_embd.weight"] = file.Floats("param.model.embed_tokens.weight"),
            ["output_norm.weight"] = file.Floats("param.model.norm.weight"),
        };
        for (int layer = 0; layer < 2; layer++)
        {
            foreach ((string gguf, string torch) in s_names) tensors[$"blk.{layer}.{gguf}.weight"] = file.Floats($"param.model.layers.{layer}.{torch}.weight");
        }
        return new(s_architecture, tensors);
    }
}
