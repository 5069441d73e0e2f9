namespace EdgeBench.Models.Adapters;

/// <summary>What an adapter adds to a model.</summary>
public enum AdapterKind
{
    /// <summary>Low-rank products beside matrices: y += alpha / rank · B (A x). Source: E. Hu et al., "LoRA", 2021.</summary>
    Lora,

    /// <summary>Embeddings that run before those of each text. Source: B. Lester, R. Al-Rfou, N. Constant, "The Power of Scale for Parameter-Efficient Prompt Tuning", 2021.</summary>
    Prompt,

    /// <summary>Keys and values before those of each text, in every layer. Source: X. Li, P. Liang, "Prefix-Tuning", 2021.</summary>
    Prefix,

    /// <summary>y = s + up(silu(down(s))) on what attention or the feed-forward part gives, before the residual sum. Source: N. Houlsby et al., "Parameter-Efficient Transfer Learning for NLP", 2019.</summary>
    Bottleneck,
}
