using System.Numerics.Tensors;
using EdgeBench.Engine.Decoding;
using EdgeBench.Models.Architectures;

namespace EdgeBench.Compression.Folding;

/// <summary>
/// The same function with other weights, off any grid that they were quantised to before: norm gains go into the matrices that read the norm, and the
/// rows of <c>attn_v</c> and <c>ffn_up</c> are divided by their largest magnitude, which goes into the columns that read them. Float32, one product or
/// quotient for each weight and step, steps in that order. Decoders without fused projections.
/// </summary>
public sealed class FoldedReference(IWeights weights) : IWeights
{
    public ModelArchitecture Architecture => weights.Architecture;

    public bool Has(string name) => weights.Has(name);

    public float[] Load(string name)
    {
        float[] values = weights.Load(name);
        string[] parts = name.Split('.');
        if (parts is not ["blk", _, var tensor, var kind]) return values;
        string block = $"{parts[0]}.{parts[1]}";
        switch (tensor, kind)
        {
            case ("attn_norm" or "ffn_norm", "weight"):
                Array.Fill(values, 1);
                break;
            case ("attn_q" or "attn_k", "weight"):
                Columns(values, weights.Load($"{block}.attn_norm.weight"));
                break;
            case ("ffn_gate", "weight"):
                Columns(values, weights.Load($"{block}.ffn_norm.weight"));
                break;
            case ("attn_v" or "ffn_up", "weight" or "bias"):
                (float[] matrix, float[] largest) = Maker($"{block}.{tensor}");
                if (kind == "bias") TensorPrimitives.Divide(values, largest, values);
                else values = matrix;
                break;
            case ("attn_output", "weight"):
                Columns(values, Shared(Maker($"{block}.attn_v").Largest));
                break;
            case ("ffn_down", "weight"):
                Columns(values, Maker($"{block}.ffn_up").Largest);
                break;
        }
        return values;
    }

    // attn_v or ffn_up with its norm folded in and its rows divided, and what they were divided by.
    private (float[] Matrix, float[] Largest) Maker(string name)
    {
        float[] matrix = weights.Load($"{name}.weight");
        float[] gain = weights.Load(name.EndsWith("attn_v", StringComparison.Ordinal) ? $"{name[..^"attn_v".Length]}attn_norm.weight" : $"{name[..^"ffn_up".Length]}ffn_norm.weight");
        Columns(matrix, gain);
        float[] largest = new float[matrix.Length / gain.Length];
        for (int row = 0; row < largest.Length; row++)
        {
            Span<float> one = matrix.AsSpan(row * gain.Length, gain.Length);
            float magnitude = TensorPrimitives.MaxMagnitude<float>(one);
            // A row of zeros stays as it is.
            largest[row] = magnitude == 0 ? 1 : MathF.Abs(magnitude);
            TensorPrimitives.Divide(one, largest[row], one);
        }
        return (matrix, largest);
    }

    // Each key/value head feeds several query heads.
    private float[] Shared(float[] rows)
    {
        int dim = Architecture.HeadDim, group = Architecture.Heads / Architecture.KvHeads;
        return [.. Enumerable.Range(0, Architecture.Heads * dim).Select(column => rows[(column / dim / group * dim) + (column % dim)])];
    }

    private static void Columns(float[] matrix, float[] factors)
    {
        for (int at = 0; at < matrix.Length; at += factors.Length) TensorPrimitives.Multiply(matrix.AsSpan(at, factors.Length), factors, matrix.AsSpan(at, factors.Length));
    }
}
