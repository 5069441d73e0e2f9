namespace EdgeBench.Models.Onnx.Export;

/// <summary>Inputs and outputs of the decoders that <see cref="OnnxExporter"/> writes; those of the cache are what the field calls them.</summary>
public static class DecoderNames
{
    /// <summary>int64 [1, n].</summary>
    public const string Tokens = "input_ids";

    /// <summary>int64 [r]: positions among the n tokens whose logits are computed.</summary>
    public const string LogitRows = "logit_rows";

    /// <summary>int32 [1]: tokens in the cache after this call, less one.</summary>
    public const string LastPosition = "seqlens_k";

    /// <summary>int32 [1]: tokens in the cache after this call.</summary>
    public const string TotalLength = "total_sequence_length";

    /// <summary>float32 [1, r, vocabulary].</summary>
    public const string Logits = "logits";

    /// <summary>float32 [1, key/value heads, cache, head]; the same buffer may be given as past and as present.</summary>
    public static string Past(int layer, string which) => $"past_key_values.{layer}.{which}";

    public static string Present(int layer, string which) => $"present.{layer}.{which}";
}
