using System.Text.Json.Nodes;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>BERT encoders, for embeddings: pooler and task heads are left out, as llama.cpp's graph has none. Source: llama.cpp, <c>conversion/bert.py</c>.</summary>
internal sealed class BertFamily : ModelFamily
{
    public override string Architecture => "bert";

    public override IReadOnlyList<string> Classes => ["BertModel", "BertForMaskedLM", "BertForSequenceClassification"];

    public override IReadOnlyList<TensorName> Names { get; } =
    [
        new("embeddings.word_embeddings", "token_embd"),
        new("embeddings.position_embeddings", "position_embd"),
        new("embeddings.token_type_embeddings", "token_types"),
        new("embeddings.LayerNorm", "token_embd_norm"),
        new("encoder.layer.{}.attention.self.query", "blk.{}.attn_q"),
        new("encoder.layer.{}.attention.self.key", "blk.{}.attn_k"),
        new("encoder.layer.{}.attention.self.value", "blk.{}.attn_v"),
        new("encoder.layer.{}.attention.output.dense", "blk.{}.attn_output"),
        new("encoder.layer.{}.attention.output.LayerNorm", "blk.{}.attn_output_norm"),
        new("encoder.layer.{}.intermediate.dense", "blk.{}.ffn_up"),
        new("encoder.layer.{}.output.dense", "blk.{}.ffn_down"),
        new("encoder.layer.{}.output.LayerNorm", "blk.{}.layer_output_norm"),
    ];

    // TensorFlow's names of a norm's parameters are in old checkpoints.
    public override string Canonical(string name)
    {
        string bare = name.StartsWith("bert.", StringComparison.Ordinal) ? name["bert.".Length..] : name;
        if (bare.EndsWith(".gamma", StringComparison.Ordinal)) return $"{bare[..^".gamma".Length]}.weight";
        return bare.EndsWith(".beta", StringComparison.Ordinal) ? $"{bare[..^".beta".Length]}.bias" : bare;
    }

    public override string? LeftOut(string name, ConfigFile config)
    {
        if (name == "embeddings.position_ids") return "";
        return name.StartsWith("pooler.", StringComparison.Ordinal) || name.StartsWith("cls.", StringComparison.Ordinal) || name.StartsWith("classifier.", StringComparison.Ordinal)
            ? $"{name} is left out: only the encoder is kept"
            : null;
    }

    public override IEnumerable<KeyValuePair<string, GgufValue>> Metadata(ConfigFile config)
    {
        if (config.OptionalText("hidden_act") is { } activation && activation != "gelu") throw config.Refused("hidden_act", $"'{activation}'", "gelu");
        if (config.OptionalText("position_embedding_type") is { } positions && positions != "absolute") throw config.Refused("position_embedding_type", $"'{positions}'", "absolute");
        yield return new("block_count", GgufValue.From((uint)config.Int("num_hidden_layers")));
        yield return new("context_length", GgufValue.From((uint)config.Int("max_position_embeddings")));
        yield return new("embedding_length", GgufValue.From((uint)config.Int("hidden_size")));
        yield return new("feed_forward_length", GgufValue.From((uint)config.Int("intermediate_size")));
        yield return new("attention.head_count", GgufValue.From((uint)config.Int("num_attention_heads")));
        yield return new("attention.layer_norm_epsilon", GgufValue.From((float)config.Number("layer_norm_eps")));
        yield return new("attention.causal", GgufValue.From(false));
    }

    public override JsonObject Config(ModelArchitecture architecture, GgufFile file) => new()
    {
        ["vocab_size"] = architecture.Vocabulary,
        ["hidden_size"] = architecture.Width,
        ["intermediate_size"] = architecture.Ffn,
        ["num_hidden_layers"] = architecture.Layers,
        ["num_attention_heads"] = architecture.Heads,
        ["max_position_embeddings"] = architecture.Context,
        ["layer_norm_eps"] = double.Parse(((float)architecture.NormEpsilon).ToString("R")),
        ["hidden_act"] = "gelu",
        ["position_embedding_type"] = "absolute",
        ["type_vocab_size"] = architecture.TokenTypes,
    };
}
