namespace EdgeBench.Models.Folders.Families;

/// <summary>Qwen 2 and 2.5: Llama's shape with biases on q, k and v, halves rotated. Source: llama.cpp, <c>conversion/qwen.py</c>.</summary>
internal class Qwen2Family : DecoderFamily
{
    public override string Architecture => "qwen2";

    public override IReadOnlyList<string> Classes => ["Qwen2ForCausalLM"];

    protected override IReadOnlyList<BiasGroup> Biases => [new(null, "attn_q", "attn_k", "attn_v")];
}
