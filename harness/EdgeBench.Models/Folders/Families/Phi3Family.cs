using System.Text.Json.Nodes;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>Phi-3 and Phi-4: q, k and v in one matrix, gate and up in another. Source: llama.cpp, <c>conversion/phi.py</c>.</summary>
internal sealed class Phi3Family : DecoderFamily
{
    public override string Architecture => "phi3";

    public override IReadOnlyList<string> Classes => ["Phi3ForCausalLM"];

    // 'ffn_up' holds gate and up here: the separate names would claim it on the way back.
    public override IReadOnlyList<TensorName> Names =>
    [
        .. base.Names.Where(name => name.Gguf is not ("blk.{}.attn_q" or "blk.{}.attn_k" or "blk.{}.attn_v" or "blk.{}.ffn_gate" or "blk.{}.ffn_up")),
        new("model.layers.{}.self_attn.qkv_proj", "blk.{}.attn_qkv"),
        new("model.layers.{}.mlp.gate_up_proj", "blk.{}.ffn_up"),
    ];

    protected override IReadOnlyList<BiasGroup> Biases => [];

    public override IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config)
    {
        RopeParameters rope = RopeParameters.Of(config);
        int context = config.Int("max_position_embeddings"), original = Original(config, rope);
        yield return Count("context_length", context);
        yield return Count("rope.scaling.original_context_length", original);
        yield return Count("embedding_length", config.Int("hidden_size"));
        yield return Count("feed_forward_length", config.Int("intermediate_size"));
        yield return Count("block_count", config.Int("num_hidden_layers"));
        yield return Count("attention.head_count", config.Int("num_attention_heads"));
        yield return Count("attention.head_count_kv", config.OptionalInt("num_key_value_heads") ?? config.Int("num_attention_heads"));
        yield return Real("attention.layer_norm_rms_epsilon", config.Number("rms_norm_eps"));
        yield return Count("rope.dimension_count", Rotated(config, rope));
        yield return Real("rope.freq_base", rope.Base ?? 10_000);
        // 0 tells Phi-4, which has no window, from the others.
        yield return new("attention.sliding_window", GgufValue.From((uint)(config.OptionalInt("sliding_window") ?? 0)));
        if (LongFactors(rope) is null) yield break;
        double scale = (double)context / original;
        yield return Real("rope.scaling.attn_factor", scale <= 1 ? 1
            : rope.Type == "yarn" ? (0.1 * Math.Log(scale)) + 1
            : Math.Sqrt(1 + (Math.Log(scale) / Math.Log(original))));
    }

    public override IEnumerable<(string Name, float[] Values)> ExtraTensors(ConfigFile config)
    {
        RopeParameters rope = RopeParameters.Of(config);
        if (LongFactors(rope) is not { } longer) return [];
        int half = Rotated(config, rope) / 2;
        float[] shorter = rope.Scaling.OptionalNumbers("short_factor") ?? [];
        if (longer.Length != half || shorter.Length != half)
            throw rope.Scaling.Refused("long_factor", $"{longer.Length} long and {shorter.Length} short factors", $"{half} of each, one for each rotated pair of a head");
        return [("rope_factors_long.weight", longer), ("rope_factors_short.weight", shorter)];
    }

    public override JsonObject Config(ModelArchitecture architecture, GgufFile file)
    {
        JsonObject config = base.Config(architecture, file);
        config["original_max_position_embeddings"] = file.Metadata.GetValueOrDefault("phi3.rope.scaling.original_context_length")?.AsInteger() ?? architecture.Context;
        if (file.Metadata.GetValueOrDefault("phi3.attention.sliding_window")?.AsInteger() is > 0 and { } window) config["sliding_window"] = window;
        if (architecture.RopeDimensions != architecture.HeadDim) config["partial_rotary_factor"] = (double)architecture.RopeDimensions / architecture.HeadDim;
        if (file.Find("rope_factors_long.weight") is { } longer && file.Find("rope_factors_short.weight") is { } shorter)
            config["rope_scaling"] = new JsonObject { ["type"] = "longrope", ["long_factor"] = Numbers(file, longer), ["short_factor"] = Numbers(file, shorter) };
        return config;
    }

    private static int Original(ConfigFile config, RopeParameters rope) =>
        (rope.Type is null ? null : rope.Scaling.OptionalInt("original_max_position_embeddings")) ?? config.Int("original_max_position_embeddings");

    private static int Rotated(ConfigFile config, RopeParameters rope) =>
        (int)(rope.PartialFactor * config.Int("hidden_size")) / config.Int("num_attention_heads");

    private static float[]? LongFactors(RopeParameters rope)
    {
        if (rope.Type is null) return null;
        if (rope.Type is not ("su" or "longrope" or "yarn")) throw rope.Scaling.Refused("type", $"'{rope.Type}'", "longrope, su or yarn");
        return rope.Scaling.OptionalNumbers("long_factor");
    }

    private static JsonArray Numbers(GgufFile file, GgufTensor tensor)
    {
        float[] values = new float[tensor.Elements];
        file.Dequantise(tensor, 0, values);
        return [.. values.Select(value => JsonValue.Create(Short(value)))];
    }
}
