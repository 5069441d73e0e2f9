using System.Text.Json.Nodes;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>Gemma 2: norms after attention and feed-forward too, soft caps, windows in every other layer.</summary>
internal class Gemma2Family : GemmaFamily
{
    public override string Architecture => "gemma2";

    public override IReadOnlyList<string> Classes => ["Gemma2ForCausalLM"];

    protected override string FeedForwardNorm => "pre_feedforward_layernorm";

    protected override IEnumerable<TensorName> FurtherNames =>
    [
        new("model.layers.{}.post_attention_layernorm", "blk.{}.post_attention_norm", Norms),
        new("model.layers.{}.post_feedforward_layernorm", "blk.{}.post_ffw_norm", Norms),
    ];

    public override IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config)
    {
        // GGUF does not keep the scale of attention: readers know it by the number of layers (46: width / heads, else the head's length).
        double expected = config.Int("num_hidden_layers") == 46 ? (double)config.Int("hidden_size") / config.Int("num_attention_heads") : config.Int("head_dim");
        if (config.OptionalNumber("query_pre_attn_scalar") is { } scalar && scalar != expected)
            throw config.Refused("query_pre_attn_scalar", $"{scalar}", $"{expected}, which readers of GGUF assume for {config.Int("num_hidden_layers")} layers");
        foreach (KeyValuePair<string, GgufValue> entry in base.Metadata(config)) yield return entry;
        yield return Real("attn_logit_softcapping", config.Number("attn_logit_softcapping"));
        yield return Real("final_logit_softcapping", config.Number("final_logit_softcapping"));
        yield return Count("attention.sliding_window", config.Int("sliding_window"));
    }

    public override JsonObject Config(ModelArchitecture architecture, GgufFile file)
    {
        JsonObject config = base.Config(architecture, file);
        config["query_pre_attn_scalar"] = Math.Round(1 / (architecture.AttentionScale * architecture.AttentionScale));
        config["attn_logit_softcapping"] = architecture.AttentionSoftcap;
        config["final_logit_softcapping"] = architecture.LogitSoftcap;
        config["sliding_window"] = architecture.SlidingWindow;
        return config;
    }
}
