namespace EdgeBench.Models.Architectures;

/// <summary>Which pairs of a head's elements rotary embedding turns.</summary>
public enum RopeLayout
{
    /// <summary>No rotary embedding.</summary>
    None,

    /// <summary>Elements (2j, 2j + 1): llama.cpp's "norm", for files of the architecture <c>llama</c>.</summary>
    Interleaved,

    /// <summary>Elements (j, j + dims/2): Hugging Face's rotate-half, llama.cpp's "neox".</summary>
    Halves,
}

/// <summary>What the feed-forward part computes.</summary>
public enum FeedForwardKind
{
    /// <summary>down(silu(gate x) · (up x)).</summary>
    SwiGlu,

    /// <summary>down(gelu_tanh(gate x) · (up x)).</summary>
    GeGlu,

    /// <summary>down(gelu(up x)), gelu by erf.</summary>
    Gelu,
}

/// <summary>
/// A transformer as the engine, the exporters and the importers need it; tensors keep GGUF's names, and row orders are GGUF's (rows of
/// <c>attn_q</c> and <c>attn_k</c> of <c>llama</c> are permuted for <see cref="RopeLayout.Interleaved"/>; norm weights of Gemma include the 1).
/// </summary>
public sealed record ModelArchitecture
{
    /// <summary>GGUF's name: <c>llama</c>, <c>qwen2</c>, <c>qwen3</c>, <c>gemma</c>, <c>gemma2</c>, <c>gemma3</c>, <c>phi3</c>, <c>bert</c>.</summary>
    public required string Name { get; init; }

    public required int Layers { get; init; }

    /// <summary>Elements of the residual stream.</summary>
    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int KvHeads { get; init; }

    /// <summary>Elements of one head, explicit in every case.</summary>
    public required int HeadDim { get; init; }

    public required int Ffn { get; init; }

    public required int Vocabulary { get; init; }

    /// <summary>Longest context that it was trained for.</summary>
    public required int Context { get; init; }

    public required double NormEpsilon { get; init; }

    /// <summary>Whether the output head is the token embedding.</summary>
    public required bool TiedEmbeddings { get; init; }

    public required FeedForwardKind FeedForward { get; init; }

    public required RopeLayout Rope { get; init; }

    public double RopeBase { get; init; } = 10_000;

    /// <summary>Elements of a head that rotary embedding turns.</summary>
    public int RopeDimensions { get; init; }

    /// <summary>
    /// Positions are divided by this (linear scaling); 1 for none. Factors by frequency (Llama 3, Phi-3 long contexts) are tensors:
    /// <c>rope_freqs.weight</c>, <c>rope_factors_long.weight</c>, <c>rope_factors_short.weight</c>.
    /// </summary>
    public double RopeScale { get; init; } = 1;

    /// <summary>Context up to which <c>rope_factors_short.weight</c> applies (Phi-3), beyond it <c>rope_factors_long.weight</c>; 0 where there are none.</summary>
    public int RopeOriginalContext { get; init; }

    /// <summary>Rotated elements are multiplied by this (Phi-3 with long contexts), else 1.</summary>
    public double RopeMagnitude { get; init; } = 1;

    /// <summary>Rotary base of layers with a sliding window where it differs (Gemma 3), else null.</summary>
    public double? SlidingRopeBase { get; init; }

    /// <summary>Positions that a layer with a sliding window sees, or null where there is none.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>Of this many layers in a row, the last sees everything and the others slide; 0 where all are alike.</summary>
    public int SlidingPattern { get; init; }

    /// <summary>Scores are multiplied by this before softmax: 1/sqrt(head_dim) unless the model says otherwise.</summary>
    public required double AttentionScale { get; init; }

    /// <summary>Scores become cap · tanh(score / cap) (Gemma 2), else null.</summary>
    public double? AttentionSoftcap { get; init; }

    /// <summary>The same for output logits, else null.</summary>
    public double? LogitSoftcap { get; init; }

    /// <summary>Token embeddings are multiplied by this (Gemma: sqrt(width)).</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>q, k and v in one matrix <c>attn_qkv</c>, gate and up in one <c>ffn_up</c> (Phi-3).</summary>
    public bool FusedProjections { get; init; }

    /// <summary>RMS norms over each head of q and k before rotary embedding (Qwen 3, Gemma 3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>A norm after attention and after the feed-forward part, before the residual sum (Gemma 2 and 3).</summary>
    public bool PostNorms { get; init; }

    /// <summary>A bidirectional encoder with learned positions and layer norms after the residual sum (BERT), not a causal decoder.</summary>
    public bool IsEncoder { get; init; }

    /// <summary>Token types of an encoder.</summary>
    public int TokenTypes { get; init; }

    /// <summary>Whether layer <paramref name="layer"/> (0-based) has a sliding window.</summary>
    public bool Slides(int layer) => SlidingWindow is not null && SlidingPattern > 0 && (layer + 1) % SlidingPattern != 0;
}
