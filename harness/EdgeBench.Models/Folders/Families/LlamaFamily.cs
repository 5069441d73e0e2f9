using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>Llama and what has its shape (SmolLM, TinyLlama, Mistral). Source: llama.cpp, <c>conversion/llama.py</c>.</summary>
internal sealed class LlamaFamily : DecoderFamily
{
    public override string Architecture => "llama";

    public override IReadOnlyList<string> Classes => ["LlamaForCausalLM", "MistralForCausalLM"];

    protected override TensorChange Queries => TensorChange.PairQueryRows;

    protected override TensorChange Keys => TensorChange.PairKeyRows;

    protected override IReadOnlyList<BiasGroup> Biases => [.. base.Biases, new("mlp_bias", "ffn_gate", "ffn_up", "ffn_down")];

    public override IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config)
    {
        foreach (KeyValuePair<string, GgufValue> entry in base.Metadata(config)) yield return entry;
        yield return Count("vocab_size", config.Int("vocab_size"));
        yield return Count("rope.dimension_count", HeadDim(config));
    }

    public override IEnumerable<(string Name, float[] Values)> ExtraTensors(ConfigFile config)
    {
        RopeParameters rope = RopeParameters.Of(config);
        if (rope.Type != "llama3") return [];
        ConfigFile scaling = rope.Scaling;
        return
        [
            ("rope_freqs.weight", RopeParameters.LlamaFactors(HeadDim(config), rope.Base ?? 10_000, scaling.OptionalNumber("factor") ?? 8,
                scaling.OptionalNumber("low_freq_factor") ?? 1, scaling.OptionalNumber("high_freq_factor") ?? 4, scaling.OptionalInt("original_max_position_embeddings") ?? 8192)),
        ];
    }

    private static int HeadDim(ConfigFile config)
    {
        int head = config.OptionalInt("head_dim") ?? config.Int("hidden_size") / config.Int("num_attention_heads");
        return head is >= 2 and <= 1 << 16 && head % 2 == 0 ? head : throw config.Refused("head_dim", $"heads of {head} elements", "an even number from 2 to 65536");
    }
}
