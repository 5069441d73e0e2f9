using System.Text.Json.Nodes;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>Gemma 3, text only: norms over each head of q and k, windows in five layers of six with a rotary base of their own.</summary>
internal sealed class Gemma3Family : GemmaFamily
{
    public override string Architecture => "gemma3";

    public override IReadOnlyList<string> Classes => ["Gemma3ForCausalLM"];

    public override string ModelType => "gemma3_text";

    protected override string FeedForwardNorm => "pre_feedforward_layernorm";

    protected override IEnumerable<TensorName> FurtherNames =>
    [
        new("model.layers.{}.self_attn.q_norm", "blk.{}.attn_q_norm", Norms),
        new("model.layers.{}.self_attn.k_norm", "blk.{}.attn_k_norm", Norms),
        new("model.layers.{}.post_attention_layernorm", "blk.{}.post_attention_norm", Norms),
        new("model.layers.{}.post_feedforward_layernorm", "blk.{}.post_ffw_norm", Norms),
    ];

    public override IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config)
    {
        double expected = config.Int("num_hidden_layers") == 62 ? (double)config.Int("hidden_size") / config.Int("num_attention_heads") : config.OptionalInt("head_dim") ?? 256;
        if (config.OptionalNumber("query_pre_attn_scalar") is { } scalar && scalar != expected)
            throw config.Refused("query_pre_attn_scalar", $"{scalar}", $"{expected}, which readers of GGUF assume for {config.Int("num_hidden_layers")} layers");
        if (config.OptionalNumber("attn_logit_softcapping") is { } cap) throw config.Refused("attn_logit_softcapping", $"{cap}", "none: Gemma 3 has no such cap");
        yield return Count("block_count", config.Int("num_hidden_layers"));
        yield return Count("context_length", config.OptionalInt("max_position_embeddings") ?? 131_072);
        yield return Count("embedding_length", config.Int("hidden_size"));
        yield return Count("feed_forward_length", config.Int("intermediate_size"));
        yield return Count("attention.head_count", config.OptionalInt("num_attention_heads") ?? 8);
        RopeParameters rope = RopeParameters.Of(config);
        foreach (KeyValuePair<string, GgufValue> entry in rope.Metadata()) yield return entry;
        if (rope.Base is null) yield return Real("rope.freq_base", 1_000_000);
        yield return Real("attention.layer_norm_rms_epsilon", config.OptionalNumber("rms_norm_eps") ?? 1e-6);
        yield return Count("attention.key_length", config.OptionalInt("head_dim") ?? 256);
        yield return Count("attention.value_length", config.OptionalInt("head_dim") ?? 256);
        if (config.OptionalNumber("final_logit_softcapping") is { } softcap) yield return Real("final_logit_softcapping", softcap);
        if (config.OptionalInt("sliding_window_pattern") != 1) yield return Count("attention.sliding_window", config.Int("sliding_window"));
        yield return Count("attention.head_count_kv", config.OptionalInt("num_key_value_heads") ?? 4);
    }

    public override JsonObject Config(ModelArchitecture architecture, GgufFile file)
    {
        JsonObject config = base.Config(architecture, file);
        config["query_pre_attn_scalar"] = Math.Round(1 / (architecture.AttentionScale * architecture.AttentionScale));
        config["rope_local_base_freq"] = architecture.SlidingRopeBase;
        if (architecture.LogitSoftcap is { } cap) config["final_logit_softcapping"] = cap;
        if (architecture.SlidingWindow is { } window) (config["sliding_window"], config["sliding_window_pattern"]) = (window, architecture.SlidingPattern);
        else config["sliding_window_pattern"] = 1;
        return config;
    }
}
