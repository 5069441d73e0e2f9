namespace EdgeBench.Models.Folders.Families;

/// <summary>Qwen 3: Qwen 2 without biases, with norms over each head of q and k.</summary>
internal sealed class Qwen3Family : Qwen2Family
{
    public override string Architecture => "qwen3";

    public override IReadOnlyList<string> Classes => ["Qwen3ForCausalLM"];

    protected override IEnumerable<TensorName> FurtherNames =>
    [
        new("model.layers.{}.self_attn.q_norm", "blk.{}.attn_q_norm"),
        new("model.layers.{}.self_attn.k_norm", "blk.{}.attn_k_norm"),
    ];
}
