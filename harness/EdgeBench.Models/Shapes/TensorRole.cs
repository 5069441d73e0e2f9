namespace EdgeBench.Models.Shapes;

/// <summary>What a tensor does in a transformer.</summary>
public enum TensorRole
{
    /// <summary>None of the others.</summary>
    Other,
    Embedding,
    Output,
    Attention,
    FeedForward,
    Norm,
    Bias,
    RopeFactors,
}

/// <summary>Roles from GGUF's tensor names (llama.cpp, <c>LLM_TENSOR_NAMES</c>).</summary>
public static class TensorRoleNames
{
    extension(TensorRole)
    {
        /// <summary>The role that a name of the form <c>blk.3.attn_q.weight</c> or <c>token_embd.weight</c> says.</summary>
        public static TensorRole Of(string name)
        {
            ArgumentNullException.ThrowIfNull(name);
            if (name.StartsWith("rope_", StringComparison.Ordinal) || name.Contains(".rope_", StringComparison.Ordinal)) return TensorRole.RopeFactors;
            if (name.Contains("norm", StringComparison.Ordinal)) return TensorRole.Norm;
            if (name.EndsWith(".bias", StringComparison.Ordinal)) return TensorRole.Bias;
            if (name.StartsWith("token_embd.", StringComparison.Ordinal) || name.StartsWith("position_embd.", StringComparison.Ordinal)) return TensorRole.Embedding;
            if (name.StartsWith("output.", StringComparison.Ordinal)) return TensorRole.Output;
            if (name.Contains(".attn_", StringComparison.Ordinal)) return TensorRole.Attention;
            return name.Contains(".ffn_", StringComparison.Ordinal) ? TensorRole.FeedForward : TensorRole.Other;
        }
    }
}
