using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using EdgeBench.Compression.Passes;
using EdgeBench.Core.Problems;
using EdgeBench.Kernels.Quantisation;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.FineTuning;

/// <summary>Grids that weights can be trained for.</summary>
public enum QatWeights
{
    Q8_0,
    Q4_0,

    /// <summary>Eight bits with one scale a row.</summary>
    Int8,

    /// <summary>Levels -3 to 3, a scale for 32 weights.</summary>
    Int3,

    /// <summary>Levels -1 to 1, a scale for 32 weights.</summary>
    Int2,
}

/// <summary>Parameters of <c>qat</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record QatParameters : FineTuneParameters
{
    [Description("Grid of attention and feed-forward matrices; norms and biases stay f32. int3 and int2 are stored in q4_0 blocks.")]
    public QatWeights Weights { get; init; } = QatWeights.Q4_0;

    [Description("Type of the token embedding and the output head; auto is q8_0. They are trained on the grids of q8_0 and q4_0; other types are rounded to at the end.")]
    public EmbeddingType Embeddings { get; init; } = EmbeddingType.Auto;

    [Description("Trains the scales of the grid with the weights, instead of taking them from the weights.")]
    public bool LearnedScales { get; init; }

    [Description("Share of the loss that the model itself before quantisation teaches (distillation); 0 for none."), Range(0.0, 1.0)]
    public double Distil { get; init; }

    [Description("What logits are divided by in distillation."), Range(0.01, 100.0)]
    public double Temperature { get; init; } = 2;

    internal WeightGrid Grid => Weights switch
    {
        QatWeights.Q8_0 => WeightGrid.Q8_0,
        QatWeights.Q4_0 => WeightGrid.Q4_0,
        QatWeights.Int8 => WeightGrid.Int8Channel,
        QatWeights.Int3 => WeightGrid.Symmetric3,
        _ => WeightGrid.Symmetric2,
    };

    /// <summary>Of the embedding and the head; null where the type is no grid to train on, and rounded to nearest at the end.</summary>
    internal WeightGrid? EmbeddingGrid => ParameterTypes.Of(Embeddings) switch { GgmlType.Q8_0 => WeightGrid.Q8_0, GgmlType.Q4_0 => WeightGrid.Q4_0, _ => null };

    internal TypePlan Plan => new(Weights switch { QatWeights.Q8_0 => GgmlType.Q8_0, QatWeights.Int8 => GgmlType.I8, _ => GgmlType.Q4_0 }, ParameterTypes.Of(Embeddings));

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    internal void Check() => CheckData("qat");
}
