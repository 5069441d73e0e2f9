using System.Text.Json.Nodes;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>What decoders have in common. Source: llama.cpp, <c>conversion/base.py</c>, <c>TextModel.set_gguf_parameters</c>.</summary>
internal abstract class DecoderFamily : ModelFamily
{
    /// <summary>Hugging Face's name of the norm before the feed-forward part.</summary>
    protected virtual string FeedForwardNorm => "post_attention_layernorm";

    protected virtual TensorChange Queries => TensorChange.None;

    protected virtual TensorChange Keys => TensorChange.None;

    protected virtual TensorChange Norms => TensorChange.None;

    /// <summary>Accepted as <c>hidden_act</c>; the first is written.</summary>
    protected virtual IReadOnlyList<string> Activations => ["silu"];

    public override IReadOnlyList<TensorName> Names =>
    [
        new("model.embed_tokens", "token_embd"),
        new("model.norm", "output_norm", Norms),
        new("lm_head", "output"),
        new("model.layers.{}.input_layernorm", "blk.{}.attn_norm", Norms),
        new("model.layers.{}.self_attn.q_proj", "blk.{}.attn_q", Queries),
        new("model.layers.{}.self_attn.k_proj", "blk.{}.attn_k", Keys),
        new("model.layers.{}.self_attn.v_proj", "blk.{}.attn_v"),
        new("model.layers.{}.self_attn.o_proj", "blk.{}.attn_output"),
        new($"model.layers.{{}}.{FeedForwardNorm}", "blk.{}.ffn_norm", Norms),
        new("model.layers.{}.mlp.gate_proj", "blk.{}.ffn_gate"),
        new("model.layers.{}.mlp.up_proj", "blk.{}.ffn_up"),
        new("model.layers.{}.mlp.down_proj", "blk.{}.ffn_down"),
        .. FurtherNames,
    ];

    protected virtual IEnumerable<TensorName> FurtherNames => [];

    /// <summary>Biases that the class can have.</summary>
    protected virtual IReadOnlyList<BiasGroup> Biases => [new("attention_bias", "attn_q", "attn_k", "attn_v", "attn_output")];

    public override void Check(ConfigFile config)
    {
        base.Check(config);
        if (config.OptionalText("hidden_act") is { } activation && !Activations.Contains(activation))
            throw config.Refused("hidden_act", $"'{activation}'", string.Join(" or ", Activations));
    }

    public override IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config)
    {
        yield return Count("block_count", config.Int("num_hidden_layers"));
        yield return Count("context_length", config.Int("max_position_embeddings"));
        yield return Count("embedding_length", config.Int("hidden_size"));
        yield return Count("feed_forward_length", config.Int("intermediate_size"));
        yield return Count("attention.head_count", config.Int("num_attention_heads"));
        yield return Count("attention.head_count_kv", config.OptionalInt("num_key_value_heads") ?? config.Int("num_attention_heads"));
        foreach (KeyValuePair<string, GgufValue> entry in RopeParameters.Of(config).Metadata()) yield return entry;
        yield return Real("attention.layer_norm_rms_epsilon", config.Number("rms_norm_eps"));
        if (config.OptionalInt("head_dim") is { } head)
        {
            yield return Count("attention.key_length", head);
            yield return Count("attention.value_length", head);
        }
    }

    public override JsonObject Config(ModelArchitecture architecture, GgufFile file)
    {
        JsonObject config = new()
        {
            ["vocab_size"] = architecture.Vocabulary,
            ["hidden_size"] = architecture.Width,
            ["intermediate_size"] = architecture.Ffn,
            ["num_hidden_layers"] = architecture.Layers,
            ["num_attention_heads"] = architecture.Heads,
            ["num_key_value_heads"] = architecture.KvHeads,
            ["head_dim"] = architecture.HeadDim,
            ["max_position_embeddings"] = architecture.Context,
            ["rms_norm_eps"] = Short(architecture.NormEpsilon),
            ["rope_theta"] = Short(architecture.RopeBase),
            ["hidden_act"] = Activations[0],
            ["tie_word_embeddings"] = architecture.TiedEmbeddings,
        };
        foreach (string key in LinearBiases.Switches(file, architecture.Layers, Biases, Classes[0])) config[key] = true;
        if (RopeParameters.ScalingOf(architecture, file) is { } scaling) config["rope_scaling"] = scaling;
        return config;
    }

    protected static KeyValuePair<string, GgufValue> Count(string key, int value) => new(key, GgufValue.From((uint)value));

    protected static KeyValuePair<string, GgufValue> Real(string key, double value) => new(key, GgufValue.From((float)value));

    /// <summary>The shortest decimal number that rounds to the same float32, which is what GGUF holds.</summary>
    protected static double Short(double value) => double.Parse(((float)value).ToString("R"));
}
