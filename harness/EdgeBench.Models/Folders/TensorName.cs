namespace EdgeBench.Models.Folders;

/// <summary>What happens to a tensor's values on the way from a Hugging Face folder to GGUF; the way back undoes it.</summary>
public enum TensorChange
{
    None,

    /// <summary>
    /// Rows of each head from (first halves, second halves) to pairs, so that rotary embedding turns neighbours. Source: llama.cpp,
    /// <c>conversion/llama.py</c>, <c>LlamaModel.permute</c>.
    /// </summary>
    PairQueryRows,

    /// <summary>The same with the number of key/value heads.</summary>
    PairKeyRows,

    /// <summary>Plus 1: Gemma's norms multiply by (1 + weight), GGUF's by the weight.</summary>
    AddOne,
}

/// <summary>One tensor's name in both worlds; <c>{}</c> stands for the number of a layer.</summary>
/// <param name="HuggingFace">Without suffix: <c>model.layers.{}.self_attn.q_proj</c>.</param>
/// <param name="Gguf">Without suffix: <c>blk.{}.attn_q</c>.</param>
public sealed record TensorName(string HuggingFace, string Gguf, TensorChange Change = TensorChange.None);
