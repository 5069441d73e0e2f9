using System.ComponentModel;
using System.Text.Json.Serialization;
using EdgeBench.Compression.Passes;

namespace EdgeBench.Compression.MixedPrecision;

/// <summary>Parameters of <c>mixed</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MixedParameters
{
    [Description("Text that sensitivities are measured on, and the importance of columns.")]
    public required string Calibration { get; init; }

    [Description("Most bits for each weight of attention and feed-forward matrices, all together; scales are counted, the embedding and the head are not.")]
    public double Bits { get; init; } = 4.5;

    [Description("Types to choose from.")]
    public IReadOnlyList<QuantisedType> Types { get; init; } =
        [QuantisedType.Q4_0, QuantisedType.Q4_1, QuantisedType.Q4_K, QuantisedType.Q5_0, QuantisedType.Q5_1, QuantisedType.Q5_K, QuantisedType.Q6_K, QuantisedType.Q8_0];

    [Description("Type of the token embedding and the output head; auto is q8_0.")]
    public EmbeddingType Embeddings { get; init; } = EmbeddingType.Auto;

    [Description("Sequences of the text that column statistics are gathered on.")]
    public int CalibrationSequences { get; init; } = 16;

    [Description("Tokens of a sequence.")]
    public int CalibrationLength { get; init; } = 512;

    [Description("Bytes at the start of the text that are left out, such as those that the model is scored on.")]
    public long CalibrationOffset { get; init; }

    [Description("Sequences, of those, that the divergence of logits is measured on: once for each layer and each kind of matrix.")]
    public int ProbeSequences { get; init; } = 2;
}
