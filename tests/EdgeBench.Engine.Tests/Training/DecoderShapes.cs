using EdgeBench.Engine.Training.Models;

namespace EdgeBench.Engine.Tests.Training;

/// <summary>Small decoders.</summary>
internal static class DecoderShapes
{
    /// <summary>That of golden/llama-tiny.safetensors.</summary>
    public static DecoderShape Tiny { get; } = new() { Vocabulary = 64, Width = 32, Layers = 2, Heads = 4, KvHeads = 2, HeadDim = 8, Ffn = 64, Tied = true };

    /// <summary>Random weights of a shape, by Hugging Face's names.</summary>
    public static Func<string, float[]?> Random(DecoderShape shape, ulong seed)
    {
        int q = shape.Heads * shape.HeadDim, kv = shape.KvHeads * shape.HeadDim;
        Dictionary<string, int> inputs = new() { ["q_proj"] = q * shape.Width, ["k_proj"] = kv * shape.Width, ["v_proj"] = kv * shape.Width, ["o_proj"] = q * shape.Width, ["gate_proj"] = shape.Ffn * shape.Width, ["up_proj"] = shape.Ffn * shape.Width, ["down_proj"] = shape.Ffn * shape.Width };
        return name =>
        {
            NormalNumbers normal = new(seed + (ulong)name.Sum(letter => (long)letter * letter) + (ulong)name.Length);
            string[] parts = name.Split('.');
            if (parts.Length < 2) return null;
            if (parts[^2].EndsWith("norm", StringComparison.Ordinal)) return [.. normal.Take(parts[^2].StartsWith("q_", StringComparison.Ordinal) || parts[^2].StartsWith("k_", StringComparison.Ordinal) ? shape.HeadDim : shape.Width, 0.2f).Select(value => 1 + value)];
            if (parts[^1] == "bias") return !shape.QkvBias || parts[^2] is not ("q_proj" or "k_proj" or "v_proj") ? null : normal.Take(parts[^2] == "q_proj" ? q : kv, 0.1f);
            if (parts[^1] == "weight" && inputs.TryGetValue(parts[^2], out int count)) return normal.Take(count, (float)(1.2 / Math.Sqrt(shape.Width)));
            return name is "model.embed_tokens.weight" or "lm_head.weight" ? normal.Take(shape.Vocabulary * shape.Width, 0.3f) : null;
        };
    }
}
