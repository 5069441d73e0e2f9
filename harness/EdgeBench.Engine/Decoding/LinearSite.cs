namespace EdgeBench.Engine.Decoding;

/// <summary>Inputs of matrix products in a decoder block; matrices that read the same input share a site.</summary>
public enum LinearSite
{
    /// <summary>Read by <c>attn_q</c>, <c>attn_k</c>, <c>attn_v</c> (or <c>attn_qkv</c>): width elements.</summary>
    AttentionInput,

    /// <summary>Read by <c>attn_output</c>: heads × head_dim elements.</summary>
    AttentionOutput,

    /// <summary>Read by <c>ffn_gate</c>, <c>ffn_up</c>: width elements.</summary>
    FeedForwardInput,

    /// <summary>Read by <c>ffn_down</c>: ffn elements.</summary>
    FeedForwardOutput,
}

/// <summary>
/// Sees, and may change in place, what matrix products read. <paramref name="rows"/> is row-major, one row for each token of the batch, in order.
/// </summary>
public delegate void ActivationTap(int layer, LinearSite site, Span<float> rows, int width);
