using EdgeBench.Core.Numbers;
using EdgeBench.Engine.Training.Models;

namespace EdgeBench.Training.Models;

/// <summary>
/// First weights of a decoder: normal with deviation 0.02, those that end in the residual stream smaller by 1 / sqrt(2 · layers), gains 1. Source: A. Radford et al.,
/// "Language Models are Unsupervised Multitask Learners", 2019, section 2.3.
/// </summary>
public sealed class FreshWeights(DecoderShape shape, ulong seed)
{
    private const double Deviation = 0.02;

    private ulong _tensors;

    /// <summary>Values of the next tensor that the decoder asks for, or null for one that it can do without.</summary>
    public float[]? Take(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split('.');
        if (parts[^1] != "weight" || parts[^2].StartsWith("lora_", StringComparison.Ordinal)) return null;
        int q = shape.Heads * shape.HeadDim, kv = shape.KvHeads * shape.HeadDim;
        (int outputs, int inputs) = parts[^2] switch
        {
            "embed_tokens" or "lm_head" => (shape.Vocabulary, shape.Width),
            "q_proj" => (q, shape.Width),
            "k_proj" or "v_proj" => (kv, shape.Width),
            "o_proj" => (shape.Width, q),
            "gate_proj" or "up_proj" => (shape.Ffn, shape.Width),
            "down_proj" => (shape.Width, shape.Ffn),
            "q_norm" or "k_norm" => (0, shape.HeadDim),
            _ => (0, shape.Width),
        };
        if (outputs == 0) return [.. Enumerable.Repeat(1f, inputs)];
        double deviation = parts[^2] is "o_proj" or "down_proj" ? Deviation / Math.Sqrt(2.0 * shape.Layers) : Deviation;
        return new NormalNumbers(SplitMix64.Mix(seed) + ++_tensors).Take(outputs * inputs, (float)deviation);
    }
}
