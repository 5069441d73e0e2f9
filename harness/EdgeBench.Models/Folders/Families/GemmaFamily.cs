using System.Text.Json.Nodes;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>Gemma: norms count from 1, the output head is always the embedding. Source: llama.cpp, <c>conversion/gemma.py</c>.</summary>
internal class GemmaFamily : DecoderFamily
{
    public override string Architecture => "gemma";

    public override IReadOnlyList<string> Classes => ["GemmaForCausalLM"];

    protected override TensorChange Norms => TensorChange.AddOne;

    // The first files of Gemma say "gelu" and mean the approximation.
    protected override IReadOnlyList<string> Activations => ["gelu_pytorch_tanh", "gelu"];

    // Some quantising tools store the head beside the embedding; the model has none of its own.
    public override string? LeftOut(string name, ConfigFile config) => name == "lm_head.weight" ? "lm_head.weight is left out: Gemma's output head is its embedding" : base.LeftOut(name, config);

    public override IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config)
    {
        yield return Count("context_length", config.Int("max_position_embeddings"));
        yield return Count("embedding_length", config.Int("hidden_size"));
        yield return Count("block_count", config.Int("num_hidden_layers"));
        yield return Count("feed_forward_length", config.Int("intermediate_size"));
        yield return Count("attention.head_count", config.Int("num_attention_heads"));
        yield return Count("attention.head_count_kv", config.OptionalInt("num_key_value_heads") ?? config.Int("num_attention_heads"));
        yield return Real("attention.layer_norm_rms_epsilon", config.Number("rms_norm_eps"));
        yield return Count("attention.key_length", config.Int("head_dim"));
        yield return Count("attention.value_length", config.Int("head_dim"));
    }

    public override JsonObject Config(ModelArchitecture architecture, GgufFile file)
    {
        JsonObject config = base.Config(architecture, file);
        config["hidden_activation"] = Activations[0];
        return config;
    }
}
